import type { ExternalToast } from "sonner";

const tell =
  (kind: "success" | "error" | "info") =>
  (text: string, more?: ExternalToast): void => {
    void import("sonner").then(({ toast: library }) => library[kind](text, more));
  };

/** A short message in the corner of the page. Its code comes after the first page, beside the toaster's. */
export const toast = { success: tell("success"), error: tell("error"), info: tell("info") };
