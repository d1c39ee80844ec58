using System.Text;

namespace IncidentActors.Server.Tests.Fuzz;

/// <summary>Texts that have broken somebody's program: injections, tricks with paths, unicode, numbers out of range.</summary>
internal static class HostileText
{
    private static readonly string[] Known =
    [
        "../../../../etc/passwd", "..\\..\\windows\\win.ini", "....//....//etc/hosts", "/etc/shadow", "file:///etc/passwd", "C:\\x", ".", "..", "~root",
        "'; DROP TABLE events; --", "' OR '1'='1", "\" OR \"\"=\"", "1; SELECT pg_sleep(9)", "x' UNION SELECT * FROM records --", "\\'; --", "%' ESCAPE '",
        "$(id)", "`id`", "| id", "; id", "&& id", "\n id", "${jndi:ldap://127.0.0.1/x}", "{{7*7}}", "${7*7}", "#{7*7}", "<%= 7 %>", "%n%n%n%s%s",
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "<!--",
        "<![CDATA[",
        "]]>",
        "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY y SYSTEM \"file:///etc/passwd\">]>",
        "x\r\nSet-Cookie: a=b", "x\r\n\r\nHTTP/1.1 200 OK", "\u0000", "a\u0000b", "\u202e\u0644\u0627", "\ufeff", "\u200b", "\ud83d\udea8",
        "Z\u0351\u0352\u0353", "ﷺ", "İ", "ß",
        "NaN", "Infinity", "-1", "-0", "1e999", "99999999999999999999", "0x10", "true", "null", "undefined", "[]", "{}", "*", "?", "%",
        "%00", "%2e%2e%2f", "%c0%ae", "%zz",
        "0001-01-01", "9999-12-31T23:59:59Z", "@", "@@", "@system", "@alertmanager", "INC-", "AT-EMRG-01/../x", "msg-AT-0-99999999999999",
        "all", "team:", "agent:",
    ];

    public static string Next(Random random) => random.Next(4) switch
    {
        0 => new string([.. Enumerable.Range(0, random.Next(1, 40)).Select(_ => (char)random.Next(1, 0xd800))]),
        1 => new StringBuilder().Insert(0, Known[random.Next(Known.Length)], random.Next(1, 20)).ToString(),
        _ => Known[random.Next(Known.Length)],
    };
}
