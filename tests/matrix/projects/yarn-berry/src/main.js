document.getElementById("says").textContent = `yarn-berry says ${6 * 7}`;
