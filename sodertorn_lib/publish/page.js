"use strict";
// Show one language, and in it one chart or all, with one municipality highlighted or none, as the hash of the address
// says: #lang=sv&chart=fee_by_municipality&municipality=Salem. Without this script everything is shown.
document.documentElement.classList.add("js");

function hash(view) {
  return "#" + new URLSearchParams(Object.entries(view).filter(([, value]) => value));
}

function highlight(article, name) {
  const parts = [...article.querySelectorAll("[data-of]")];
  const there = parts.some((part) => part.ownerSVGElement && part.dataset.of === name);
  for (const part of parts) {
    part.classList.toggle("chosen", part.dataset.of === name);
    part.classList.toggle("faint", there && part.dataset.of !== name);
  }
  for (const area of article.querySelectorAll(".map .chosen:not(:has(text))")) {
    area.parentNode.insertBefore(area, area.parentNode.querySelector(":scope > :has(text)")); // over its neighbours
  }
  const row = article.querySelector("tr.chosen");
  if (row) row.closest(".table").scrollTop = row.offsetTop - row.closest("table").tHead.offsetHeight;
  return there;
}

function show() {
  const asked = new URLSearchParams(location.hash.slice(1));
  if (location.hash && !asked.has("lang")) return; // a place on the page
  const editions = [...document.querySelectorAll(".edition")];
  const edition = editions.find((own) => own.lang === asked.get("lang")) || editions[0];
  const [charts, municipalities] = edition.querySelectorAll("select");
  charts.value = asked.get("chart") || "";
  municipalities.value = asked.get("municipality") || "";
  for (const select of [charts, municipalities]) if (select.selectedIndex < 0) select.value = "";
  const [chart, municipality] = [charts.value, municipalities.value];

  const had = document.activeElement;
  editions.forEach((own) => own.classList.toggle("shown", own === edition));
  if (had.closest(".edition:not(.shown)")) edition.querySelector(".languages [aria-current]").focus();
  document.documentElement.lang = edition.lang;
  edition.querySelector(".answers").hidden = Boolean(chart);
  let [shown, highlighted] = [0, 0];
  for (const article of edition.querySelectorAll("article")) {
    article.hidden = Boolean(chart) && article.dataset.chart !== chart;
    const there = highlight(article, municipality);
    article.querySelector(".said").textContent = there ? municipalities.selectedOptions[0].dataset.said : "";
    article.querySelector(".view").href = hash({ lang: edition.lang, chart: article.dataset.chart, municipality });
    shown += !article.hidden;
    highlighted += there && !article.hidden;
  }
  for (const link of edition.querySelectorAll(".languages a")) link.href = hash({ lang: link.lang, chart, municipality });
  document.title = [chart && charts.selectedOptions[0].text, edition.dataset.title].filter(Boolean).join(" · ");
  const said = edition.querySelector("[role=status]");
  const texts = [said.dataset.shown, municipality && said.dataset.highlighted].filter(Boolean).join(" ");
  said.textContent = texts.replace("{shown}", shown).replace("{municipality}", municipality)
    .replace("{highlighted}", highlighted);
}

async function copy(button) {
  const [text, said] = [document.getElementById(button.dataset.copies), button.nextElementSibling];
  try {
    await navigator.clipboard.writeText(text.textContent.trim());
    said.textContent = said.dataset.copied;
  } catch {
    getSelection().selectAllChildren(text);
    said.textContent = said.dataset.selected;
  }
}

addEventListener("hashchange", show);
addEventListener("DOMContentLoaded", () => {
  show();
  for (const form of document.forms) {
    const [chart, municipality] = form.querySelectorAll("select");
    form.addEventListener("change", () => {
      location.hash = hash({ lang: form.closest(".edition").lang, chart: chart.value, municipality: municipality.value });
    });
  }
  for (const button of document.querySelectorAll("button")) button.addEventListener("click", () => copy(button));
});
