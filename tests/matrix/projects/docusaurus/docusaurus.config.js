module.exports = {
  title: "docusaurus",
  url: "https://docusaurus.example",
  baseUrl: "/",
  presets: [["classic", { docs: false, blog: false }]],
};
