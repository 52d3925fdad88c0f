package prestashop

import "github.com/openmip/openmip/mip"

// Rewritten reads a cursor and writes it again.
func Rewritten(c mip.Cursor) (mip.Cursor, error) {
	m, was, err := readCursor(c)
	if err != nil || c == "" {
		return "", err
	}
	return cursor(m, was), nil
}
