// Inside Telegram: signs in, follows the client's theme, and lends its back button.
// The client speaks as core.telegram.org/api/web-events and /api/bots/webapps tell.
"use strict";

(() => {
  const root = document.documentElement;

  // The server lets only Telegram's own pages frame this one, so the parent is known.
  const tell = (type, data = {}) => {
    if (window.TelegramWebviewProxy) TelegramWebviewProxy.postEvent(type, JSON.stringify(data));
    else if (parent !== window) {
      parent.postMessage(JSON.stringify({ eventType: type, eventData: data }), "*");
    }
  };

  const inset = (kind, sides) => {
    for (const [side, pixels] of Object.entries(sides || {})) {
      root.style.setProperty(`--tg-${kind}-inset-${side}`, `${Number(pixels) || 0}px`);
    }
  };

  const back = document.querySelector(".page-head .back a");
  const home = document.querySelector(".top .agency");

  const hear = (type, data) => {
    if (type === "back_button_pressed") location.assign((back || home).href);
    else if (type === "theme_changed") recolour((data && data.theme_params) || {});
    else if (type === "safe_area_changed") inset("safe-area", data);
    else if (type === "content_safe_area_changed") inset("content-safe-area", data);
    else if (type === "reload_iframe") location.reload();
  };

  // Kept for the pages that follow, as the server has kept the first one.
  function recolour(params) {
    const colours = Object.entries(params).filter(([, value]) => /^#[0-9a-f]{6}$/i.test(value));
    for (const [name, value] of colours) {
      root.style.setProperty(`--tg-theme-${name.replaceAll("_", "-")}`, value);
    }
    const packed = colours.map(([name, value]) => `${name}:${value.slice(1).toLowerCase()}`);
    const kept = "max-age=86400; path=/; secure; samesite=none; partitioned";
    document.cookie = `${document.body.dataset.theme}=${packed.join(".")}; ${kept}`;
    const ground = /^#(..)(..)(..)$/.exec(params.bg_color || "");
    if (!ground) return;
    const [red, green, blue] = ground.slice(1).map((two) => parseInt(two, 16));
    const isDark = (red * 299 + green * 587 + blue * 114) / 1000 < 128;
    root.className = isDark ? "dark" : "light";
  }

  addEventListener("message", (event) => {
    if (event.source !== parent || parent === window) return;
    try {
      const { eventType, eventData } = JSON.parse(event.data);
      hear(eventType, eventData);
    } catch {
      // Not a message of the client's.
    }
  });
  window.Telegram = { WebView: { receiveEvent: hear } };
  window.TelegramGameProxy = { receiveEvent: hear };
  window.TelegramGameProxy_receiveEvent = hear;

  const form = document.getElementById("enter");
  if (form) {
    const given = new URLSearchParams(location.hash.slice(1));
    if (given.get("tgWebAppData")) {
      document.getElementById("outside").hidden = true;
      form.elements.init_data.value = given.get("tgWebAppData");
      form.elements.theme.value = given.get("tgWebAppThemeParams") || "";
      form.submit();
    } else if (form.dataset.home) location.replace(form.dataset.home);
    return;
  }

  tell("iframe_ready", { reload_supported: true });
  tell("web_app_ready");
  tell("web_app_expand");
  tell("web_app_setup_back_button", { is_visible: location.pathname !== new URL(home.href).pathname });
  tell("web_app_set_header_color", { color_key: "secondary_bg_color" });
  tell("web_app_request_safe_area");
  tell("web_app_request_content_safe_area");
  document.addEventListener(
    "input",
    () => tell("web_app_setup_closing_behavior", { need_confirmation: true }),
    { once: true },
  );
})();
