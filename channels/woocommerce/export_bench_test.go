package woocommerce

import "encoding/json"

// Bare decodes a page by encoding/json alone, into the structs that the channel
// reads, and returns how many orders it has. The other answers of a reading have
// no rows.
func Bare(page []byte) int {
	var orders []wireOrder
	if json.Unmarshal(page, &orders) != nil {
		return -1
	}
	return len(orders)
}
