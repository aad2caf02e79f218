/** URLs that lead to where no callback may go, by what they try. */
export const hostileUrls: readonly string[] = [
  // the loopback in all spellings
  'https://127.0.0.1/', 'https://127.0.0.1:8443/', 'https://127.1/', 'https://127.0.1/', 'https://2130706433/', 'https://0x7f000001/', 'https://0x7f.1/',
  'https://0177.0.0.1/', 'https://017700000001/', 'https://127.0.0.1./', 'https://127.255.255.254/', 'https://%31%32%37.0.0.1/', 'https://１２７.0.0.1/', 'https://127。0。0。1/',
  'https://0/', 'https://0.0.0.0/', 'https://[::1]/', 'https://[::]/', 'https://[0:0:0:0:0:0:0:1]:8443/',
  // an IPv4 address within one of IPv6
  'https://[::ffff:127.0.0.1]/', 'https://[::ffff:7f00:1]/', 'https://[::127.0.0.1]/', 'https://[64:ff9b::7f00:1]/', 'https://[2002:7f00:1::]/', 'https://[2606:4700::5efe:7f00:1]/',
  'https://[2606:4700::200:5efe:10.0.0.1]/', 'https://[2001:0:7f00:1::]/',
  // private and reserved addresses
  'https://10.9.0.1/', 'https://172.16.0.1/', 'https://192.168.0.1/', 'https://100.64.0.1/', 'https://169.254.169.254/latest/meta-data/', 'https://192.0.2.1/', 'https://198.18.0.1/',
  'https://224.0.0.1/', 'https://255.255.255.255/', 'https://[fd00:ec2::254]/', 'https://[fe80::1]/', 'https://[fec0::1]/', 'https://[ff02::1]/',
  // names of the inside
  'https://localhost/', 'https://LOCALHOST./', 'https://a.localhost/', 'https://intranet/', 'https://metadata.google.internal/', 'https://kubernetes.default.svc/',
  'https://api.default.svc.cluster.local/', 'https://printer.local/', 'https://nas.home.arpa/', 'https://1.0.0.127.in-addr.arpa/', 'https://x.onion/',
  // other ways
  'http://example.com/', 'https://example.com:22/', 'https://example.com:6379/', 'https://user:pass@example.com/', 'https://example.com@127.0.0.1/', 'https://example.com/#@127.0.0.1',
  'file:///etc/passwd', 'gopher://127.0.0.1:6379/_', 'unix:/var/run/docker.sock', 'https://127.0.0.1\\@example.com/', '//127.0.0.1/', 'https://[fe80::1%25eth0]/',
];
