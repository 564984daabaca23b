"""svclight measures the quality of customer service by the traffic-light method."""
