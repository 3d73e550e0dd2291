import Layout from "@theme/Layout";
import React from "react";

export default function Page() {
  return (
    <Layout title="docusaurus">
      <h1>docusaurus says {6 * 7}</h1>
    </Layout>
  );
}
