package magento

import "github.com/openmip/openmip/mip"

// Rewritten reads a cursor and writes it again.
func Rewritten(c mip.Cursor) (mip.Cursor, error) {
	m, err := readPosition(c)
	if err != nil || c == "" {
		return "", err
	}
	return m.cursor(), nil
}
