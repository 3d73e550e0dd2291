export function getServerSideProps({ req }) {
  return { props: { host: req.headers.host } };
}

export default function Page({ host }) {
  return <h1>next-server runs on {host}</h1>;
}
