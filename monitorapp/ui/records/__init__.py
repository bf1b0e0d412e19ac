"""What is shown of the records, whatever their source."""
