"""Addresses of the pages in every state that is looked at: who opens them, and what is in them."""

from collections.abc import Mapping

PAGES: Mapping[str, tuple[str, ...]] = {
    "stranger": ("/tutor", "/sign-in/{token}", "/sign-in/nothing", "/app", "/nowhere"),
    "tutor": (
        "/tutor/statement",
        *("/tutor", "/tutor?tab=upcoming", "/tutor?tab=past", "/tutor/adhoc", "/tutor/students"),
        "/tutor/leave",
        *("/sessions/{session}", "/sessions/{ahead}", "/sessions/{disputed}", "/sessions/{held}"),
        *("/sessions/{session}/add-notes", "/sessions/{later}/cancel", "/sessions/{later}/propose"),
        "/sessions/{missed}/explain-missed",
        *("/sessions/{ahead}/counter?proposal={proposal}", "/calendar", "/devices"),
    ),
    "grace": (
        *("/family/statement", "/family/statement?as=print"),
        *("/family?child={child}&tab=awaiting", "/family?child={child}&tab=upcoming"),
        *("/family?child={child}&tab=future", "/family?child={child}&tab=past"),
        *("/family/package", "/family/matches/{match}/decline"),
        *("/sessions/{session}", "/sessions/{ahead}", "/sessions/{disputed}", "/sessions/{held}"),
        *("/sessions/{session}/dispute", "/sessions/{session}/report-problem"),
        "/sessions/{soon}/tell-coordinators",
        *("/sessions/{later}/cancel", "/sessions/{later}/propose"),
        "/sessions/{later}/propose?day=2026-11-27",
        "/sessions/{later}/propose?at=20261201T0700Z",
        "/sessions/{later}/propose?typed=when+the+cows+come+home",
        *("/notes", "/notes/{session}", "/calendar", "/devices", "/files/999", "/nowhere"),
    ),
    "coordinator": (
        *("/admin", "/admin?item={matter}", "/sessions/{disputed}", "/sessions/{session}"),
        *("/admin/disputes/{dispute}", "/admin/problems/{problem}"),
        *("/sessions/{session}/verify", "/sessions/{missed}/correct-attendance"),
        *("/sessions/{later}/move", "/sessions/{later}/reassign"),
        *("/admin/people", "/admin/people/new", "/admin/people/{person}"),
        *("/admin/people/children", "/admin/people/children/{child}"),
        *("/admin/matches", "/admin/matches/new", "/admin/matches/{match}"),
        *("/admin/packages", "/admin/packages/new", "/admin/packages/{package}"),
        *("/admin/packages/entries/{entry}/reverse", "/admin/log", "/admin/find?q=Emily"),
        *("/admin/sessions", "/admin/sessions/new", "/admin/holidays", "/admin/leave"),
        "/admin/import",
        *("/admin/billing", "/admin/billing/{month}", "/admin/billing/{statement}"),
        *("/admin/analytics", "/admin/analytics/sessions?held=yes"),
    ),
}
"""By the names of `ways.populated`, for whom pages are opened, and for what stands in braces."""

CUT = """(width) => [...document.querySelectorAll(".tabs a, .children a, .filters a")]
    .filter((one) => width >= 768 || !one.closest(".filters"))
    .filter((one) => one.getBoundingClientRect().right > width)
    .map((one) => one.textContent.trim())"""
"""Tabs and filters beyond the edge of the page: a phone's filters alone may be pushed aside."""
TOO_SMALL = """() => [...document.querySelectorAll("a, button, input:not([type=hidden]), summary")]
    .filter((one) => {
        const box = one.getBoundingClientRect();
        const counts = !one.closest("label, p, .skip, .unseen");
        return counts && box.width && box.height < 43.5;
    })
    .map((one) => one.outerHTML.slice(0, 80))"""
"""Targets lower than a thumb needs; links inside a sentence are as high as its line."""
