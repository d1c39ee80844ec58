using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using IncidentActors.Server.Tests.Http;

namespace IncidentActors.Server.Tests.Alerts;

/// <summary>A source repeats nothing that was refused with 4xx: what can be read of its notification counts.</summary>
public sealed class LenientBodyTests : IAsyncLifetime
{
    private const string Path = "/webhooks/alertmanager";

    private ServerUnderTest server = null!;

    public async Task InitializeAsync() => server = await ServerUnderTest.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Theory]
    [InlineData("""{"alerts":[{"status":"firing","labels":{"alertname":"DiskFull","severity":"high","sensor":"CPU1\u0000\u0000"},"fingerprint":"a"}]}""")]
    [InlineData("""{"alerts":[{"status":"firing","labels":{"alertname":"DiskFull","severity":"high","x":"half \ud83d pair"},"fingerprint":"a"}]}""")]
    [InlineData("""{"alerts":[{"status":"firing","labels":{"alertname":"Other","alertname":"DiskFull","severity":"high"},"fingerprint":"a"}]}""")]
    [InlineData("""{"alerts":[{"labels":{"alertname":"DiskFull","severity":"high","n":1,"up":false,"x":null,"deep":{"a":[1]}},"fingerprint":7}]}""")]
    [InlineData("""{"alerts":[{"status":"firing","labels":{"alertname":"DiskFull","severity":"high"},"startsAt":"","endsAt":"","fingerprint":""}]}""")]
    [InlineData("""{"alerts":[{"status":"firing","labels":{"alertname":"DiskFull","severity":"high"},"startsAt":"never","endsAt":null}]}""")]
    [InlineData("""{"alerts":[{"labels":{"alertname":"DiskFull","severity":"high"}},null,"x",{"labels":{"alertname":"cut of""")]
    [InlineData("""{"alerts":[{"status":"firing","labels":{"alertname":"DiskFull","severity":"high","path":"C:\data"},},], /* by hand */}""")]
    [InlineData("""{"alerts":[{"labels":{"alertname":"DiskFull","severity":"high"},"startsAt":1769437380}],"version":4,"truncatedAlerts":"0"}""")]
    [InlineData("""[{"status":"firing","labels":{"alertname":"DiskFull","severity":"high"},"fingerprint":"a"}]""")]
    [InlineData("""{"status":"firing","alerts":{"labels":{"alertname":"DiskFull","severity":"high"},"fingerprint":"a"}}""")]
    [InlineData("""{"status":"firing","alerts":"[{\"labels\":{\"alertname\":\"DiskFull\",\"severity\":\"high\"}}]"}""")]
    [InlineData(""" "{\"alerts\":[{\"labels\":{\"alertname\":\"DiskFull\",\"severity\":\"high\"}}]}" """)]
    [InlineData("""{"alerts":[{"values":{"A":NaN,"B":-Infinity,"C":[Infinity]},"labels":{"alertname":"DiskFull","severity":"high"},"fingerprint":"a"}]}""")]
    [InlineData("""{"alerts":[{"labels":{"alertname":"DiskFull"},"annotations":{"severity":"high"},"fingerprint":"a"}]}""")]
    [InlineData("""{"alerts":[{"status":"firing","labels":{"alertname":"DiskFull","severity":"high"},"annotations":{"summary":"breaks of""")]
    public async Task What_can_be_understood_declares(string body)
    {
        var incident = await DeclaredAsync(new StringContent(body, Encoding.UTF8));
        Assert.Equal(("SEV-2", "DiskFull"), (incident.Text("severity"), incident.Text("title")));
    }

    [Theory]
    [InlineData("iso-8859-1")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    public async Task Texts_of_other_encodings_are_read(string encoding)
    {
        const string Body = """{"alerts":[{"status":"firing","labels":{"alertname":"Zähler übergelaufen","severity":"high"},"fingerprint":"a"}]}""";
        var coding = Encoding.GetEncoding(encoding);
        var incident = await DeclaredAsync(new ByteArrayContent([.. coding.GetPreamble(), .. coding.GetBytes(Body)]));
        Assert.Equal("Zähler übergelaufen", incident.Text("title"));
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    public async Task A_body_of_UTF_16_needs_no_mark(string encoding) => Assert.Equal(
        "DiskFull",
        (await DeclaredAsync(new ByteArrayContent(Encoding.GetEncoding(encoding).GetBytes("""{"alerts":[{"labels":{"alertname":"DiskFull"}}]}"""))))
        .Text("title"));

    /// <summary>Half of an alert could say something else than the whole; that it was lost is not answered as if all were well.</summary>
    [Theory]
    [InlineData("""{"alerts":[{"status":"firing","labels":{"alertname":"DiskFull","severity":"crit""")]
    [InlineData("""{"alerts":[{"labels":{"alertname":"DiskFull","severity":"critical"},"stat""")]
    public async Task A_body_of_which_no_alert_is_left_is_refused_and_counted(string body)
    {
        (await server.PostAsync(Path, null, body)).Refused(400, "argument.malformed");
        Assert.Empty((await server.GetAsync("/api/incidents")).Items());
        Assert.Contains("incident_alerts_refused_total{", (await server.GetAsync("/metrics")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Alertmanagers_own_API_is_taken_and_a_label_goes_before_an_annotation()
    {
        const string Alerts = """[{"labels":{"alertname":"Slow","severity":"low"},"annotations":{"severity":"critical"},"endsAt":"2999-01-01T00:00:00Z"}]""";
        (await server.PostAsync("/api/v2/alerts", null, Alerts)).IsOk();
        Assert.Equal("SEV-4", Assert.Single((await server.GetAsync("/api/incidents")).Items()).Text("severity"));
    }

    /// <summary>The body of Grafana's button "Test", as its documentation prints it.</summary>
    [Fact]
    public async Task Grafanas_webhook_is_accepted()
    {
        const string Body = """
            {
              "receiver": "My Super Webhook", "status": "firing", "orgId": 1,
              "alerts": [
                {
                  "status": "firing", "labels": { "alertname": "High memory usage", "team": "blue", "zone": "us-1", "severity": "critical" },
                  "annotations": {
                    "description": "The system has high memory usage", "runbook_url": "https://myrunbook.com/runbook/1234", "summary": "Memory of zone us-1"
                  },
                  "startsAt": "2021-10-12T09:51:03.15791712+02:00", "endsAt": "0001-01-01T00:00:00Z",
                  "generatorURL": "https://play.grafana.org/alerting/1afz29v7z/edit",
                  "fingerprint": "c6eadffa33fcdf37", "silenceURL": "https://play.grafana.org/alerting/silence/new",
                  "dashboardURL": "", "panelURL": "https://play.grafana.org/d/1?viewPanel=2",
                  "values": { "B": 44.23943737541908, "C": 1 }, "valueString": "[ metric='' labels={} value=14151.331895396988 ]"
                }
              ],
              "groupLabels": {}, "commonLabels": { "team": "blue" }, "commonAnnotations": {}, "externalURL": "https://play.grafana.org/", "version": "1",
              "groupKey": "{}:{}", "truncatedAlerts": 0, "title": "[FIRING:1]  (blue)", "state": "alerting", "message": "**Firing**"
            }
            """;
        var incident = await DeclaredAsync(new StringContent(Body));
        Assert.Equal(("SEV-1", "Memory of zone us-1"), (incident.Text("severity"), incident.Text("title")));
        Assert.Equal(
            """
            The system has high memory usage

            - [Runbook](<https://myrunbook.com/runbook/1234>)
            - [Panel](<https://play.grafana.org/d/1?viewPanel=2>)
            - [Source](<https://play.grafana.org/alerting/1afz29v7z/edit>)
            - [Silence](<https://play.grafana.org/alerting/silence/new>)
            """,
            incident.Text("description"));
    }

    [Fact]
    public async Task A_message_alone_describes()
    {
        var incident = await DeclaredAsync(new StringContent(
            """{"alerts":[{"labels":{"alertname":"Pump","severity":"high"},"annotations":{"message":"Pump 3 stands still\nsince noon"}}]}"""));
        Assert.Equal(("Pump 3 stands still", "Pump 3 stands still\nsince noon"), (incident.Text("title"), incident.Text("description")));
    }

    [Fact]
    public async Task A_resolved_group_whose_alerts_say_nothing_is_resolved()
    {
        const string Alert = """{"labels":{"alertname":"DiskFull","severity":"high"},"fingerprint":"a"}""";
        var id = (await DeclaredAsync(new StringContent($$"""{"status":"firing","alerts":[{{Alert}}]}"""))).Text("id");
        (await SendAsync(new StringContent($$"""{"status":"resolved","alerts":[{{Alert}}]}"""))).GetProperty("incidents");
        Assert.True((await server.GetAsync($"/api/incidents/{id}")).IsOk().Json.GetProperty("resolutionSuggested").GetBoolean());
    }

    [Theory]
    [InlineData(20_001, 1, "an item of 'alerts'")]
    [InlineData(200, 70_000, "the end of a text")]
    [InlineData(600, 60_000, "beyond 32 MiB")]
    public async Task Of_too_much_what_was_read_declares_and_the_rest_is_named(int alerts, int length, string says)
    {
        var alert = $$$"""{"status":"firing","labels":{"alertname":"DiskFull","severity":"high","n":"{0}","text":"{{{new string('x', length)}}}"}}""";
        var all = string.Join(',', Enumerable.Range(0, alerts).Select(number => alert.Replace("{0}", $"{number}", StringComparison.Ordinal)));
        var body = $$"""{"version":"4","alerts":[{{all}}],"groupKey":"g"}""";
        var answer = await SendAsync(new StringContent(body));
        Assert.Single(answer.List("incidents"));
        Assert.Contains(answer.List("cut"), cut => cut.GetString()!.Contains(says, StringComparison.Ordinal));
        var incident = Assert.Single((await server.GetAsync("/api/incidents")).Items());
        Assert.InRange(incident.List("alerts").Length, 100, 20_000);
        Assert.All(incident.GetProperty("labels").EnumerateObject(), label => Assert.InRange(label.Value.GetString()!.Length, 0, 1001));
    }

    [Fact]
    public async Task What_is_refused_all_the_same_is_logged_counted_and_shown()
    {
        (await server.PostAsync(Path, null, """{"version":"4"}""")).Refused(400, "argument.missing");
        (await server.PostAsync("/v2/enqueue", null, new { event_action = "trigger" })).Is(System.Net.HttpStatusCode.BadRequest);
        var metrics = (await server.GetAsync("/metrics")).Body;
        Assert.Contains("incident_alerts_refused_total{", metrics, StringComparison.Ordinal);
        Assert.Matches("""incident_alerts_refused_total\{[^}]*argument\.missing[^}]*alertmanager[^}]*\} 1""", metrics);
        Assert.Matches("""incident_alerts_refused_total\{[^}]*event\.invalid[^}]*pagerduty[^}]*\} 1""", metrics);
        var now = (await server.GetAsync("/")).Body;
        Assert.Contains("Refused alerts", now, StringComparison.Ordinal);
        Assert.Contains("argument.missing", now, StringComparison.Ordinal);
    }

    private async Task<JsonElement> DeclaredAsync(HttpContent content)
    {
        Assert.Single((await SendAsync(content)).List("incidents"));
        return Assert.Single((await server.GetAsync("/api/incidents")).Items());
    }

    private async Task<JsonElement> SendAsync(HttpContent content)
    {
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var http = new HttpClient { BaseAddress = server.Address };
        using var reply = await http.PostAsync(Path, content);
        var text = await reply.Content.ReadAsStringAsync();
        Assert.True(reply.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement.Clone();
    }
}
