"""What leaves the portal as a file."""
