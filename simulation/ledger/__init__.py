"""What is paid: rolls, bank batches, vouchers and allocation documents, as numbers before they become files."""
