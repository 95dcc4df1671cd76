import { Login } from "#components/login/login.tsx";

export default function LoginPage() {
  return <Login />;
}
