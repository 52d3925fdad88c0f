package main

var wireRows = []row{
	{what: "a page of 100 WooCommerce orders, from bytes to facts, against bare encoding/json into the same structs",
		in: "channels/woocommerce", bench: "BenchmarkPage", goals: []goal{{"x-json", 1.67}}, shows: []string{"MB/s"}},
	{what: "a page of 100 Shopify orders, likewise", in: "channels/shopify", bench: "BenchmarkPage",
		goals: []goal{{"x-json", 1.67}}, shows: []string{"MB/s"}},
	{what: "a page of 100 PrestaShop orders with their lines, likewise", in: "channels/prestashop", bench: "BenchmarkPage",
		goals: []goal{{"x-json", 1.67}}, shows: []string{"MB/s"}},
	{what: "a page of 100 Magento orders, likewise", in: "channels/magento", bench: "BenchmarkPage",
		goals: []goal{{"x-json", 1.67}}, shows: []string{"MB/s"}},
	{what: "one call of `mip/rest` over a kept-alive connection on this machine, against bare net/http and bare resty",
		in: "mip/rest", bench: "BenchmarkCall/loopback", goals: []goal{{"x-nethttp", 1.3}, {"x-resty", 0}}},
	{what: "the code of it alone, without any connection: most of what it adds is resty's",
		in: "mip/rest", bench: "BenchmarkCall/in-process", goals: []goal{{"x-nethttp", 0}, {"x-resty", 0}}},
}
