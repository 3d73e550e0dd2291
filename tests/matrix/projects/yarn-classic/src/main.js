document.getElementById("says").textContent = `yarn-classic says ${6 * 7}`;
