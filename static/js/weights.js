// The running total of the weights while they are typed. Without this script the total stands as of the last answer.
(() => {
  const total = document.querySelector(".weights output");
  const french = document.documentElement.lang !== "en";

  // Like figures.read_figure: spaces group digits, the comma is decimal in French and groups in English, and the sign
  // of a percentage may follow.
  const read = (text) => {
    const bare = text.replace(/[\s\u00a0\u202f]/g, "").replace(/%$/, "");
    return Number(french ? bare.replace(",", ".") : bare.replace(/,/g, ""));
  };

  const add = () => {
    const weights = [...document.querySelectorAll('input[name^="criteria-"][name$="-weight"]')].map((one) => read(one.value));
    // Sums of millionths stay whole: binary fractions would show 99.99999999999999.
    const millionths = weights.filter(Number.isFinite).reduce((sum, weight) => sum + Math.round(weight * 1e6), 0);
    total.textContent = (millionths / 1e6).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 6 });
  };

  document.addEventListener("input", (event) => {
    if (event.target.name?.endsWith("-weight")) add();
  });
})();
