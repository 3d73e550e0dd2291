export default function Page() {
  return <h1>next-export says {6 * 7}</h1>;
}
