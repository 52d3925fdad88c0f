package magento_test

import (
	"encoding/json"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/magento"
	"github.com/openmip/openmip/mip/miptest/benchtest"
)

// BenchmarkPage reads a page of 100 orders through the channel, from the bytes
// to the facts; the floor is encoding/json alone, into the same structs.
func BenchmarkPage(b *testing.B) {
	order, err := os.ReadFile("testdata/ordinary.json")
	require.NoError(b, err)
	rows := benchtest.Page(b, order, 100, func(i int, o map[string]json.RawMessage) {
		o["entity_id"] = json.RawMessage(strconv.Itoa(1001 + i))
	})
	body := `{"items":` + string(rows) + `,"total_count":100}`
	shop := reader(b, answers(200, body))
	since := shop.CursorAt(time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC))
	b.SetBytes(int64(len(body)))
	benchtest.Orders(b, shop, since, 100, func() {
		if magento.Bare([]byte(body)) != 100 {
			b.Fatal("not 100 orders")
		}
	})
}
