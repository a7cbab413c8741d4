"""The fault matrix: every place that calls the outside, times every fault of that place.

In each cell what was done is told, or set aside and alerted; nothing is doubled but one resend; no
chat is left behind. A test goes through many cells with one set-up; its failure names each cell.
"""
