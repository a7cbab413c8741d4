"""The kernel: what a session's status, people and open requests allow, and how they change."""
