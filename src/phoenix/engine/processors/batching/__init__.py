"""What the batch processor is made of: how nodes are spread over the batches that leave."""
