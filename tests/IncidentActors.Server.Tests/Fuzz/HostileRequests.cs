using System.Net.Http.Headers;
using System.Text;

namespace IncidentActors.Server.Tests.Fuzz;

/// <summary>Seeded requests to one endpoint, none of which may change anything.</summary>
internal sealed class HostileRequests(int seed, FuzzedEndpoint endpoint, FuzzTarget target)
{
    private const int Huge = 9 * 1024 * 1024;
    private const int HugeAt = 100;
    private const int DeepAt = 200;

    private static readonly string[] Methods = ["PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE", "BREW"];
    private static readonly string[] Headers =
        [
            "Idempotency-Key", "X-Session", "X-Agent", "traceparent", "Accept", "Accept-Language", "Last-Event-ID", "Mcp-Session-Id",
            "MCP-Protocol-Version", "X-Forwarded-For", "Cookie", "If-Match", "Range",
        ];

    private readonly Random random = new(seed);
    private readonly HostileBodies bodies = new(seed, endpoint.Good, endpoint.Schema);
    private int made;

    public HttpRequestMessage Next()
    {
        if (++made == HugeAt) return HugeBody();
        var request = new HttpRequestMessage(Chance(5) ? new HttpMethod(Methods[random.Next(Methods.Length)]) : new HttpMethod(endpoint.Method), Address());
        if (endpoint.Method == "POST" || Chance(5))
        {
            request.Content = new ByteArrayContent(Body());
            request.Content.Headers.TryAddWithoutValidation("Content-Type", Chance(10) ? Printable(HostileText.Next(random)) : "application/json");
        }

        Authorize(request.Headers);
        if (endpoint.Pattern == "/mcp") Mcp(request.Headers);
        for (var i = Chance(20) ? random.Next(1, 4) : 0; i > 0; i--)
            request.Headers.TryAddWithoutValidation(Headers[random.Next(Headers.Length)], Printable(HostileText.Next(random)));
        return request;
    }

    private bool Chance(int percent) => random.Next(100) < percent;

    /// <summary>Larger than anything that is read, and otherwise in order: it is answered, not cut off.</summary>
    private HttpRequestMessage HugeBody()
    {
        var path = endpoint.Parameters.Aggregate(endpoint.Pattern, (path, parameter) => path.Replace($"{{{parameter}}}", "none", StringComparison.Ordinal));
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(target.Address, path))
        {
            Content = new StringContent("{\"x\":\"" + new string('x', Huge) + "\"}"),
        };
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {target.Root}");
        return request;
    }

    /// <summary>One nested deeper than any reader goes, else what the schema suggests.</summary>
    private byte[] Body() => made == DeepAt ? Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"x\":", 100_000))) : bodies.Next();

    /// <summary>Not made canonical: what a browser would tidy up arrives as it is.</summary>
    private Uri Address()
    {
        var path = endpoint.Pattern;
        foreach (var parameter in endpoint.Parameters)
        {
            var start = new[] { "{", "{*", "{**" }.Max(open => path.IndexOf(open + parameter, StringComparison.Ordinal));
            var end = path.IndexOf('}', start) + 1;
            path = path[..start] + Value(parameter) + path[end..];
        }

        if (Chance(3)) path = path.Replace("/", Chance(50) ? "//" : "/%2e%2e/", StringComparison.Ordinal);
        var query = string.Join('&', endpoint.Query.Where(_ => Chance(50)).Select(name => $"{name}={Escaped()}"));
        if (Chance(5)) query += $"&{Escaped()}={Escaped()}";
        return new Uri(
            $"{target.Address}{path[1..]}{(query.Length > 0 ? "?" : "")}{query}",
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
    }

    /// <summary>A real id only where the body decides what is done, or where nothing is.</summary>
    private string Value(string parameter) =>
        (endpoint.ReadsBody || endpoint.Method == "GET") && Chance(50)
            ? target.Real(parameter, random)
            : parameter == "number" ? $"{random.NextInt64()}"
            : Escaped();

    private string Escaped()
    {
        var text = HostileText.Next(random);
        return Chance(90) ? Uri.EscapeDataString(text) : string.Concat(text.Where(c => c is > ' ' and <= '~' and not ('#' or '?' or '&'))) + "%2";
    }

    private void Authorize(HttpRequestHeaders headers)
    {
        var shown = random.Next(20) switch
        {
            0 => null,
            1 => Printable(HostileText.Next(random)),
            2 => "Bearer " + target.Root[..^1] + (target.Root[^1] == '0' ? '1' : '0'),
            3 => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("x:" + target.Root)),
            4 => "Bearer " + target.Looker,
            _ => "Bearer " + (endpoint.Pattern == "/webhooks/alertmanager" ? target.Alertmanager : target.Root),
        };
        if (shown is not null) headers.TryAddWithoutValidation("Authorization", shown);
    }

    private void Mcp(HttpRequestHeaders headers)
    {
        headers.TryAddWithoutValidation("Accept", Chance(90) ? "application/json, text/event-stream" : "text/html");
        if (endpoint.Method != "DELETE" && Chance(70)) headers.TryAddWithoutValidation("Mcp-Session-Id", target.McpSession);
    }

    private static string Printable(string text) => string.Concat(text.Where(c => c is >= ' ' and <= '~'));
}
