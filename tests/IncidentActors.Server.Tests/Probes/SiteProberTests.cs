using System.Net;
using System.Net.Sockets;
using IncidentActors.Engine.Journals;
using IncidentActors.Server.Probes;
using IncidentActors.Server.Tests.Http;

namespace IncidentActors.Server.Tests.Probes;

/// <summary>Seed 003: any deployed site that answers 5xx is production down.</summary>
public sealed class SiteProberTests : IAsyncLifetime
{
    private static readonly Uri Shop = new("http://shop.example/");

    private readonly Site site = new();
    private ServerUnderTest server = null!;
    private SiteProber prober = null!;
    private volatile bool away;

    public async Task InitializeAsync()
    {
        server = await ServerUnderTest.StartAsync(options => options with
        {
            Seeds = () => away ? throw new JournalUnavailableException("The journal is away.", notApplied: true) : options.Seeds(),
        });
        prober = NewProber();
    }

    public async Task DisposeAsync()
    {
        prober.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_site_that_fails_three_times_in_a_row_is_declared_once_and_halts()
    {
        await LookAsync(HttpStatusCode.ServiceUnavailable, 2);
        await LookAsync(HttpStatusCode.OK, 1);
        await LookAsync(HttpStatusCode.ServiceUnavailable, 2);
        Assert.Empty(await IncidentsAsync());
        await LookAsync(HttpStatusCode.ServiceUnavailable, 5);

        var incident = Assert.Single(await IncidentsAsync());
        Assert.Equal(("SEV-1", "availability", "shop.example is down (503)"), (incident.Text("severity"), incident.Text("category"), incident.Text("title")));
        Assert.Equal("production-down", incident.List("conditions").Single().GetString());
        Assert.Equal("production-down", (await server.GetAsync("/api/halts")).Items().Single().Text("condition"));
    }

    [Fact]
    public async Task A_site_that_answers_again_suggests_the_resolution_and_no_more()
    {
        await LookAsync(HttpStatusCode.BadGateway, 3);
        await LookAsync(HttpStatusCode.OK, 2);

        var incident = Assert.Single(await IncidentsAsync());
        Assert.True(incident.GetProperty("resolutionSuggested").GetBoolean());
        Assert.Equal("declared", incident.Text("status"));
        await LookAsync(HttpStatusCode.BadGateway, 3);
        Assert.Single(await IncidentsAsync());
    }

    [Fact]
    public async Task A_node_that_starts_while_a_site_is_down_tells_when_it_answers_again_and_only_then()
    {
        await LookAsync(HttpStatusCode.BadGateway, 3);
        Restart();
        await LookAsync(HttpStatusCode.BadGateway, 2);
        await LookAsync(HttpStatusCode.OK, 1);
        Assert.True(Assert.Single(await IncidentsAsync()).GetProperty("resolutionSuggested").GetBoolean());

        var told = Assert.Single(await IncidentsAsync()).GetProperty("version").GetInt64();
        Restart();
        await LookAsync(HttpStatusCode.OK, 2);
        Assert.Equal(told, Assert.Single(await IncidentsAsync()).GetProperty("version").GetInt64());
        await LookAsync(HttpStatusCode.BadGateway, 3);
        Assert.False(Assert.Single(await IncidentsAsync()).GetProperty("resolutionSuggested").GetBoolean());
    }

    [Fact]
    public async Task That_a_site_answers_again_is_told_when_the_journal_is_back()
    {
        await LookAsync(HttpStatusCode.BadGateway, 3);
        away = true;
        await LookAsync(HttpStatusCode.OK, 2);
        away = false;
        Assert.False(Assert.Single(await IncidentsAsync()).GetProperty("resolutionSuggested").GetBoolean());

        await LookAsync(HttpStatusCode.OK, 1);
        Assert.True(Assert.Single(await IncidentsAsync()).GetProperty("resolutionSuggested").GetBoolean());
    }

    [Theory]
    [InlineData(HttpStatusCode.NotFound)]
    [InlineData(HttpStatusCode.Unauthorized)]
    [InlineData(HttpStatusCode.Redirect)]
    public async Task Any_other_answer_is_an_answer(HttpStatusCode status)
    {
        await LookAsync(status, 5);

        Assert.Empty(await IncidentsAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_answer_is_an_outage_too(bool reset)
    {
        site.Answer = () => throw (reset ? new SocketException((int)SocketError.NotConnected) : new HttpRequestException("refused"));
        for (var i = 0; i < 3; i++) await prober.LookAsync(default);

        Assert.Equal("shop.example is down (unreachable)", Assert.Single(await IncidentsAsync()).Text("title"));
    }

    private SiteProber NewProber() => new(server.Server.Engine, new ProbeOptions { Sites = [Shop], Failures = 3 }, new HttpClient(site));

    /// <summary>Another process: it remembers nothing.</summary>
    private void Restart()
    {
        prober.Dispose();
        prober = NewProber();
    }

    private async Task LookAsync(HttpStatusCode status, int times)
    {
        site.Answer = () => new HttpResponseMessage(status);
        for (var i = 0; i < times; i++) await prober.LookAsync(default);
    }

    private async Task<System.Text.Json.JsonElement[]> IncidentsAsync() => (await server.GetAsync("/api/incidents")).Items();

    private sealed class Site : HttpMessageHandler
    {
        public Func<HttpResponseMessage> Answer { get; set; } = () => new HttpResponseMessage(HttpStatusCode.OK);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(Answer());
    }
}
