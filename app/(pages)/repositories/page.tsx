import { Repositories } from "#components/repository/repositories.tsx";

export default function RepositoriesPage() {
  return <Repositories />;
}
