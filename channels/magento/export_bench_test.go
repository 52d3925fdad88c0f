package magento

import "encoding/json"

// Bare decodes a page by encoding/json alone and returns how many orders it has.
func Bare(page []byte) int {
	var answer struct {
		Items []wireOrder `json:"items"`
	}
	if json.Unmarshal(page, &answer) != nil {
		return -1
	}
	return len(answer.Items)
}
