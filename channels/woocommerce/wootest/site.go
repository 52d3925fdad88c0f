package wootest

import (
	"net/http"
	"strings"
)

// siteIndex is GET /wp-json/, which needs no key.
func (c *call) siteIndex() {
	_, offset := c.now.In(c.cfg.Zone).Zone()
	zone := c.cfg.Zone.String()
	if !strings.Contains(zone, "/") {
		zone = "" // a bare offset has no name
	}
	seen := map[string]bool{}
	namespaces, list := []string{"wp/v2"}, object{}
	for _, rt := range routes() {
		if rt.feature != 0 && rt.feature&c.cfg.Tracking == 0 {
			continue
		}
		parts := strings.SplitN(rt.pattern, "/", 4)
		ns := parts[1] + "/" + parts[2]
		if !seen[ns] {
			seen[ns] = true
			namespaces = append(namespaces, ns)
		}
		name := strings.NewReplacer("{id}", `(?P<order_id>[\d]+)`, "{item}", `(?P<id>[\w-]+)`).Replace(rt.pattern)
		list[name] = object{"namespace": ns, "methods": strings.Fields(rt.methods)}
	}
	c.json(http.StatusOK, c.fields(object{
		"name": "Test shop", "description": "", "url": c.home(), "home": c.home(), "gmt_offset": float64(offset) / 3600,
		"timezone_string": zone, "namespaces": namespaces, "authentication": object{}, "routes": list,
	}))
}

func (c *call) listStatuses() {
	out := []object{}
	for _, s := range c.statuses() {
		n := 0
		for _, o := range c.orders {
			if o.Status == s {
				n++
			}
		}
		out = append(out, object{"slug": s, "name": s, "total": n})
	}
	c.json(http.StatusOK, out)
}

func (c *call) systemStatus() {
	c.json(http.StatusOK, c.fields(object{
		"environment": object{"home_url": c.home(), "version": "10.0.2"},
		"settings":    object{"currency": c.cfg.Currency, "number_of_decimals": 2, "HPOS_enabled": true},
	}))
}
