// What Streamlit's page lacks: a way past the navigation.
// Nothing here touches what a member wrote or a speaker said.

document.addEventListener("click", (event) => {
  if (!event.target.closest?.(".hub-skip")) return;
  event.preventDefault();
  const main = document.querySelector("[data-testid=stMain] h1, [data-testid=stMain], main");
  main?.setAttribute("tabindex", "-1");
  main?.focus();
});
