/** Id of the one who started the first server of this data folder; commands on this machine act as them. */
export const firstOwner = "owner";
