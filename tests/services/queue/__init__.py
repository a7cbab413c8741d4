"""What coordinators do in their queue."""
