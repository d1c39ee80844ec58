using System.Net;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Tokens;

/// <summary>Without tokens the server believes everybody on the machine; from the first one on it does not, also those who listen already.</summary>
public sealed class FirstTokenTests
{
    [Theory]
    [InlineData("/api/events?after=now")]
    [InlineData("/api/agents/@worker/inbox/stream")]
    public async Task Streams_that_were_opened_before_it_end(string path)
    {
        await using var server = await ServerUnderTest.StartAsync();
        using var client = new HttpClient { BaseAddress = server.Address };
        client.DefaultRequestHeaders.Add("X-Agent", "@worker");
        using var stream = await client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await stream.Content.ReadAsStreamAsync());
        Assert.Equal(": connected", await reader.ReadLineAsync());
        var rest = reader.ReadToEndAsync();

        var made = (await server.PostAsync("/api/tokens", "@operator", new { handle = "@operator" })).Is(HttpStatusCode.Created);
        Assert.NotEmpty(made.Json.Text("secret"));
        await rest.EndsAsync("the end of the stream");
        (await server.GetAsync(path, "@worker")).Refused(401, "token.missing");
    }

    [Fact]
    public async Task Who_waits_for_an_inbox_is_told_to_show_one()
    {
        await using var server = await ServerUnderTest.StartAsync();
        (await server.PostAsync("/api/tools/inbox", "@worker", new { })).IsOk();
        var waiting = server.GetAsync("/api/agents/@worker/inbox?wait=60s", "@worker");
        for (var later = 0; later < 20; later++) (await server.GetAsync("/api/metrics")).IsOk();
        Assert.False(waiting.IsCompleted);
        (await server.PostAsync("/api/tokens", "@operator", new { handle = "@operator" })).Is(HttpStatusCode.Created);
        (await waiting).Refused(401, "token.missing");
    }
}
