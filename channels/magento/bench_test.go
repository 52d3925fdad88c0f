package magento_test

import (
	"encoding/json"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/magento"
	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/miptest/benchtest"
)

var page mip.Page

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
	benchtest.Compare(b,
		func() {
			n := 0
			for p, err := range shop.Orders(b.Context(), since) {
				if page = p; err != nil {
					b.Fatal(err)
				}
				for _, o := range p.Orders {
					n += 1 - len(o.Defects)
				}
			}
			require.Equal(b, 100, n)
		},
		benchtest.Peer{Name: "json", Do: func() {
			if magento.Bare([]byte(body)) != 100 {
				b.Fatal("not 100 orders")
			}
		}})
}
