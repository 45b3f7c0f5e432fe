"""What comes in: the next report, and newer figures of SCB."""
