using System.Net;
using System.Net.Sockets;
using System.Text;

namespace IncidentActors.Server.Tests.Http;

public sealed class MalformedTests : IAsyncLifetime
{
    private ServerUnderTest server = null!;

    public async Task InitializeAsync() => server = await ServerUnderTest.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("{} {}")]
    [InlineData("""{"title":"x","title":"y","severity":"P2"}""")]
    [InlineData("""{"title":"half \ud83d a pair","severity":"P2"}""")]
    [InlineData("""{"title":"nul \u0000","severity":"P2"}""")]
    [InlineData("""{"title":7,"severity":"P2"}""")]
    [InlineData("""{"title":"x","severity":["P2"]}""")]
    public async Task A_body_that_is_not_understood_is_refused_and_changes_nothing(string body)
    {
        var end = await server.EndAsync();
        (await server.PostAsync("/api/incidents", "@pm", body)).Refused(400, "argument.malformed");
        Assert.Equal(end, await server.EndAsync());
    }

    [Fact]
    public async Task Bytes_that_are_no_UTF8_are_refused() =>
        (await server.PostAsync(
            "/api/incidents",
            "@pm",
            [.. "{\"title\":\""u8, 0xc3, 0x28, .. "\",\"severity\":\"P2\"}"u8])).Refused(400, "argument.malformed");

    [Fact]
    public async Task Deep_nesting_is_refused()
    {
        var deep = new string('[', 10_000) + new string(']', 10_000);
        (await server.PostAsync("/api/incidents", "@pm", $$"""{"title":{{deep}}}""")).Refused(400, "argument.malformed");
    }

    [Fact]
    public async Task A_body_above_the_limit_is_refused_with_413()
    {
        var big = new string('x', 1024 * 1024);
        (await server.PostAsync("/api/incidents", "@pm", new { title = "x", severity = "P2", description = big })).Refused(413, "request.too-large");
        (await server.PostAsync(
            "/webhooks/alertmanager",
            null,
            new { version = "4", filler = new string('x', 8 * 1024 * 1024) })).Refused(400, "argument.missing");
        (await server.PostAsync("/webhooks/alertmanager", null, new { version = "4", filler = big, alerts = Array.Empty<object>() })).IsOk();
        Assert.Empty((await server.GetAsync("/api/incidents")).Items());
    }

    [Fact]
    public async Task A_body_of_unknown_length_is_bounded_too()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/incidents") { Content = new StreamContent(new Endless(3 * 1024 * 1024)) };
        request.Headers.TransferEncodingChunked = true;
        (await server.SendAsync(request, "@pm")).Refused(413, "request.too-large");
    }

    [Fact]
    public async Task Too_long_a_text_is_refused_by_name()
    {
        var refused = (await server.PostAsync(
            "/api/incidents", "@pm", new { title = new string('x', 301), severity = "P2" })).Refused(400, "argument.too-long");
        Assert.Contains("'title'", refused.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Paths_and_methods_that_do_not_exist_are_problems_too()
    {
        (await server.GetAsync("/api/nowhere")).Refused(404, "request.path");
        using var delete = new HttpRequestMessage(HttpMethod.Delete, "/api/incidents");
        (await server.SendAsync(delete, "@pm")).Refused(405, "request.method");
    }

    [Fact]
    public async Task Pages_of_elsewhere_and_other_names_of_this_host_are_kept_out()
    {
        using var foreign = new HttpRequestMessage(HttpMethod.Post, "/webhooks/alertmanager");
        foreign.Content = new StringContent("""{"version":"4","alerts":[]}""");
        foreign.Headers.Add("Origin", "https://elsewhere.example");
        (await server.SendAsync(foreign)).Refused(403, "request.origin");
        using var rebound = new HttpRequestMessage(HttpMethod.Get, "/api/incidents");
        rebound.Headers.Host = "elsewhere.example";
        (await server.SendAsync(rebound)).Refused(403, "request.origin");
        using var here = new HttpRequestMessage(HttpMethod.Get, "/api/incidents");
        here.Headers.Add("Origin", server.Address.GetLeftPart(UriPartial.Authority));
        (await server.SendAsync(here)).IsOk();
    }

    [Fact]
    public async Task A_request_that_breaks_off_changes_nothing_and_the_server_goes_on()
    {
        var end = await server.EndAsync();
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(IPAddress.Loopback, server.Address.Port);
            await client
                .GetStream()
                .WriteAsync(Encoding.ASCII.GetBytes(
                    "POST /api/incidents HTTP/1.1\r\nHost: localhost\r\nX-Agent: @pm\r\nContent-Length: 500\r\n\r\n{\"title\":\"x\",\"severity\":\"P2\"}"));
        }

        await server.ReadyAsync();
        Assert.Equal(end, await server.EndAsync());
    }

    /// <summary>Spaces, as many as asked for.</summary>
    private sealed class Endless(long length) : Stream
    {
        private long left = length;

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = (int)Math.Min(left, count);
            buffer.AsSpan(offset, read).Fill((byte)' ');
            left -= read;
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
