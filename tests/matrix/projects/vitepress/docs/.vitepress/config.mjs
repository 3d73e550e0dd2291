export default { title: "vitepress" };
