/* Draws the day's routes. The ground is drawn too: where the open cases are shows the shape of the town. */
"use strict";

(() => {
  const box = document.getElementById("map");
  const data = JSON.parse(document.getElementById("map-data").textContent);
  const map = L.map(box, { attributionControl: false, zoomControl: false, zoomSnap: 0.25, maxZoom: 17, minZoom: 9 });
  L.control.zoom({ position: "topright" }).addTo(map);
  L.control.scale({ imperial: false, position: "bottomleft" }).addTo(map);

  const still = { interactive: false };
  const icon = (className, text, size) => L.divIcon({ className, html: Object.assign(document.createElement("span"), { textContent: text }), iconSize: [size, size] });

  /* The ground */

  const byDistrict = () => {
    const found = new Map();
    for (const [district, ...place] of data.homes) {
      if (!found.has(district)) found.set(district, []);
      found.get(district).push(place);
    }
    return found;
  };

  const middle = (places) => [0, 1].map((axis) => places.reduce((sum, place) => sum + place[axis], 0) / places.length);

  const core = (places) => {
    const [north, east] = middle(places);
    const far = (place) => (place[0] - north) ** 2 + (place[1] - east) ** 2;
    return [...places].sort((one, other) => far(one) - far(other)).slice(0, Math.ceil(places.length * 0.92));
  };

  const turn = (a, b, c) => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);

  const hull = (places) => {
    const sorted = [...places].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    const half = (points) => {
      const edge = [];
      for (const point of points) {
        while (edge.length > 1 && turn(edge.at(-2), edge.at(-1), point) <= 0) edge.pop();
        edge.push(point);
      }
      return edge.slice(0, -1);
    };
    return [...half(sorted), ...half(sorted.reverse())];
  };

  const drawGrid = (bounds, step) => {
    const [south, west, north, east] = [bounds.getSouth(), bounds.getWest(), bounds.getNorth(), bounds.getEast()];
    const wide = step / Math.cos((((south + north) / 2) * Math.PI) / 180);
    for (let line = Math.floor(south / step) * step; line <= north; line += step) L.polyline([[line, west], [line, east]], { className: "grid", ...still }).addTo(map);
    for (let line = Math.floor(west / wide) * wide; line <= east; line += wide) L.polyline([[south, line], [north, line]], { className: "grid", ...still }).addTo(map);
  };

  const drawTown = () => {
    const districts = [...byDistrict()].map(([name, places]) => [name, places, core(places)]);
    for (const [, , inner] of districts) L.polygon(hull(inner), { className: "quarter", ...still }).addTo(map);
    drawGrid(map.getBounds().pad(1.5), 2 / 111.32);
    for (const [, places] of districts) for (const place of places) L.circleMarker(place, { radius: 1.6, className: "home", ...still }).addTo(map);
    for (const [name, , inner] of districts) L.marker([Math.max(...inner.map(([north]) => north)), middle(inner)[1]], { icon: icon("quarter-name", name, 0), keyboard: false, zIndexOffset: -10000, ...still }).addTo(map);
  };

  /* The routes */

  const popup = (stop) => {
    const made = document.createElement("div");
    const add = (tag, text, className = "") => made.appendChild(Object.assign(document.createElement(tag), { textContent: text, className }));
    add("strong", `${stop.number}. ${stop.who}`);
    add("p", stop.time);
    add("p", stop.where);
    const tags = add("p", "", "tags");
    for (const word of stop.said) tags.appendChild(Object.assign(document.createElement("span"), { textContent: word }));
    add("a", box.dataset.openCase).href = stop.url;
    return made;
  };

  const markers = new Map();

  const drawRoute = (route) => {
    const layers = L.layerGroup().addTo(map);
    const stops = route.stops.filter((stop) => stop.place);
    const made = stops.filter((stop) => stop.status !== "cancelled").map((stop) => stop.place);
    if (made.length) {
      L.polyline([data.branch.place, made[0]], { className: `way is-link route-${route.hue}`, ...still }).addTo(layers);
      L.polyline([made.at(-1), data.branch.place], { className: `way is-link route-${route.hue}`, ...still }).addTo(layers);
      L.polyline(made, { className: `way route-${route.hue}`, ...still }).addTo(layers);
    }
    for (const stop of stops) {
      const className = `stop route-${route.hue} is-${stop.status}${stop.late ? " is-late" : ""}`;
      const marker = L.marker(stop.place, { icon: icon(className, stop.number, 26), alt: `${stop.number}. ${stop.who}`, riseOnHover: true });
      markers.set(stop.id, marker.bindPopup(popup(stop)).addTo(layers));
    }
    return layers;
  };

  const corners = [data.branch.place, ...data.routes.flatMap((route) => route.stops.map((stop) => stop.place)).filter(Boolean)];
  const shown = corners.length > 1 ? corners : [data.branch.place, ...data.homes.map(([, ...place]) => place)];
  map.fitBounds(L.latLngBounds(shown), { padding: [46, 46], maxZoom: 14 });
  drawTown();
  L.marker(data.branch.place, { icon: L.icon({ iconUrl: box.dataset.mark, iconSize: [26, 26] }), alt: data.branch.name }).bindTooltip(data.branch.name).addTo(map);
  const routes = data.routes.map(drawRoute);

  /* The list beside the map: a name holds its route, pointing at it shows it for a moment. */

  let held = null;
  const elements = (layers) => layers.getLayers().map((layer) => layer.getElement());
  const light = (chosen) => routes.forEach((layers, number) => elements(layers).forEach((element) => element.classList.toggle("is-dimmed", chosen !== null && chosen !== number)));

  document.querySelectorAll(".route").forEach((section) => {
    const number = Number(section.dataset.route);
    const name = section.querySelector(".route-name");
    section.addEventListener("mouseenter", () => light(held ?? number));
    section.addEventListener("mouseleave", () => light(held));
    name.addEventListener("click", () => {
      held = held === number ? null : number;
      document.querySelectorAll(".route-name").forEach((other) => other.setAttribute("aria-pressed", String(held !== null && other === name)));
      light(held);
    });
    section.querySelectorAll("[data-stop]").forEach((button) => button.addEventListener("click", () => {
      const marker = markers.get(button.dataset.stop);
      map.panTo(marker.getLatLng());
      marker.openPopup();
    }));
  });
})();
