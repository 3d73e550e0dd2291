export default function Page() {
  return <h1>react-router-spa says {6 * 7}</h1>;
}
