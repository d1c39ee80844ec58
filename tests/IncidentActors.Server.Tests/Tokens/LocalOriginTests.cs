using System.Net;
using System.Text;
using IncidentActors.Server.Tests.Http;

namespace IncidentActors.Server.Tests.Tokens;

/// <summary>Without tokens, pages of other origins reach nothing, not even pages of another port of this machine.</summary>
public sealed class LocalOriginTests : IAsyncLifetime
{
    private const string Alert =
        """{"version":"4","groupKey":"g","alerts":[{"status":"firing","fingerprint":"f","labels":{"alertname":"ProductionDown","severity":"critical"}}]}""";

    private ServerUnderTest server = null!;

    public async Task InitializeAsync() => server = await ServerUnderTest.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Theory]
    [InlineData("Origin", "http://127.0.0.1:1")]
    [InlineData("Origin", "http://localhost")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    public async Task A_page_of_another_origin_is_refused(string header, string value)
    {
        foreach (var path in new[] { "/webhooks/alertmanager", "/v2/enqueue", "/api/incidents", "/mcp" })
            (await PostAsync(path, "application/json", (header, value))).Is(HttpStatusCode.Forbidden);
        Assert.Empty((await server.GetAsync("/api/incidents")).Items());
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("text/plain;charset=UTF-8")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    public async Task A_form_cannot_pretend_to_be_an_alert(string type)
    {
        foreach (var browser in new[] { ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64)"), ("Origin", server.Address.GetLeftPart(UriPartial.Authority)) })
        {
            (await PostAsync("/webhooks/alertmanager", type, browser)).Refused(415, "request.content-type");
            (await PostAsync("/v2/enqueue", type, browser)).Is(HttpStatusCode.UnsupportedMediaType);
        }

        Assert.Empty((await server.GetAsync("/api/incidents")).Items());
    }

    [Fact]
    public async Task Programs_and_the_servers_own_pages_are_served()
    {
        (await PostAsync("/webhooks/alertmanager", "application/json")).IsOk();
        (await PostAsync("/webhooks/alertmanager", "application/json", ("Origin", server.Address.GetLeftPart(UriPartial.Authority)))).IsOk();
        using var link = new HttpRequestMessage(HttpMethod.Get, "/incidents");
        link.Headers.Add("Sec-Fetch-Site", "cross-site");
        link.Headers.Add("Sec-Fetch-Mode", "navigate");
        link.Headers.Add("Sec-Fetch-Dest", "document");
        Assert.NotEqual(HttpStatusCode.Forbidden, (await server.SendAsync(link)).Status);
    }

    private async Task<Reply> PostAsync(string path, string type, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Alert)) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await server.SendAsync(request, "@operator");
    }
}
