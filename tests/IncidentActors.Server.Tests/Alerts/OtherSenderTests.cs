using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Server.Tests.Tokens;

namespace IncidentActors.Server.Tests.Alerts;

/// <summary>Senders that have a shape, a type or a compression of their own, as their documentation and reports about them show.</summary>
public sealed class OtherSenderTests : IAsyncLifetime
{
    private const string Alert = """{"alerts":[{"status":"firing","labels":{"alertname":"DiskFull","severity":"high"},"fingerprint":"a"}]}""";
    private const string Event =
        """{"routing_key":"k","event_action":"trigger","dedup_key":"a","payload":{"summary":"DiskFull","source":"db-1","severity":"error"}}""";

    private ServerUnderTest server = null!;

    public async Task InitializeAsync() => server = await ServerUnderTest.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Theory]
    [InlineData("/webhooks/alertmanager", "text/plain; charset=UTF-8")]
    [InlineData("/webhooks/alertmanager", "application/x-www-form-urlencoded")]
    [InlineData("/v2/enqueue", "text/plain")]
    public async Task A_program_may_call_its_JSON_what_it_likes(string path, string type)
    {
        await SendAsync(path, Encoding.UTF8.GetBytes(path == "/v2/enqueue" ? Event : Alert), type);
        Assert.Equal(("SEV-2", "DiskFull"), await DeclaredAsync());
    }

    [Theory]
    [InlineData("/webhooks/alertmanager", "gzip", "gzip")]
    [InlineData("/v2/enqueue", "gzip", "gzip")]
    [InlineData("/webhooks/alertmanager", "gzip", null)]
    [InlineData("/webhooks/alertmanager", "deflate", "deflate")]
    [InlineData("/webhooks/alertmanager", "br", "br")]
    [InlineData("/webhooks/alertmanager", null, "gzip")]
    public async Task A_compressed_body_is_unpacked(string path, string? packed, string? says)
    {
        await SendAsync(path, Packed(Encoding.UTF8.GetBytes(path == "/v2/enqueue" ? Event : Alert), packed), encoding: says);
        Assert.Equal(("SEV-2", "DiskFull"), await DeclaredAsync());
    }

    [Fact]
    public async Task Of_a_compressed_body_no_more_is_unpacked_than_is_read()
    {
        var large = Encoding.UTF8.GetBytes(Alert[..^2] + new string(' ', 100 * 1024 * 1024));
        var cut = (await SendAsync("/webhooks/alertmanager", Packed(large, "gzip"), encoding: "gzip")).List("cut");
        Assert.Contains(cut, one => one.GetString()!.Contains("beyond 32 MiB", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_compression_that_is_not_read_is_refused_as_such_and_counted()
    {
        var refused = (await PostAsync("/webhooks/alertmanager", [0x28, 0xB5, 0x2F, 0xFD], encoding: "zstd")).Refused(415, "request.encoding");
        Assert.Contains("gzip, deflate, br", refused.Text("detail"), StringComparison.Ordinal);
        (await PostAsync("/webhooks/alertmanager", [0x1F, 0x8B, 8, 1, 2], encoding: "gzip")).Refused(415, "request.encoding");
        Assert.Matches("""incident_alerts_refused_total\{[^}]*request\.encoding[^}]*\} 2""", (await server.GetAsync("/metrics")).Body);
    }

    [Theory]
    [InlineData("""{"alerts":[{"labels":[{"name":"alertname","value":"DiskFull"},{"name":"severity","value":"high"}]}]}""", "SEV-2", "DiskFull")]
    [InlineData("""{"alerts":[{"labels":[{"key":"alertname","value":"DiskFull"},{"key":"severity","value":1}]}]}""", "SEV-1", "DiskFull")]
    [InlineData("""{"alerts":[{"labels":[{"alertname":"DiskFull"},{"severity":"high"}]}]}""", "SEV-2", "DiskFull")]
    [InlineData("""{"alerts":[{"labels":["alertname:DiskFull","severity:high"]}]}""", "SEV-2", "DiskFull")]
    [InlineData("""{"alerts":[{"labels":"alertname=DiskFull, severity=high"}]}""", "SEV-2", "DiskFull")]
    [InlineData("""{"status":"firing","labels":{"alertname":"DiskFull","severity":"high"}}""", "SEV-2", "DiskFull")]
    [InlineData("""{"evalMatches":[{"value":9,"tags":null}],"ruleId":7,"ruleName":"Queue","state":"alerting","title":"[Alerting] Queue"}""", "SEV-3", "Queue")]
    [InlineData("""{"AlarmName":"Queue","NewStateValue":"ALARM","AlarmArn":"arn:1","Trigger":{"Namespace":"AWS/SQS"}}""", "SEV-3", "Queue")]
    [InlineData("""{"source":"aws.cloudwatch","detail":{"alarmName":"Queue","state":{"value":"ALARM","reason":"Threshold"}}}""", "SEV-3", "Queue")]
    [InlineData("""{"heartbeat":{"monitorID":3,"status":0,"msg":"timeout"},"monitor":{"id":3,"name":"Shop"},"msg":"[Shop] [Down] timeout"}""", "SEV-3", "Shop")]
    [InlineData("""{"data":{"essentials":{"alertRule":"Queue","severity":"Sev4","monitorCondition":"Fired"}}}""", "SEV-4", "Queue")]
    [InlineData("""{"incident":{"incident_id":"0.a","policy_name":"Queue","state":"open","severity":"Error"},"version":"1.2"}""", "SEV-2", "Queue")]
    [InlineData("""{"condition_name":"Queue","current_state":"open","severity":"WARNING","details":"long"}""", "SEV-3", "Queue")]
    [InlineData("""{"title":"Queue","alert_priority":"P3","body":"long","tags":"env:staging,service:shop"}""", "SEV-4", "Queue")]
    [InlineData("""{"text":"Queue"}""", "SEV-3", "Queue")]
    [InlineData("""[{"AlarmName":"Queue","NewStateValue":"ALARM"}]""", "SEV-3", "Queue")]
    [InlineData("""{"action":"Create","alert":{"alertId":"5","message":"Queue","description":"long","alias":"q","priority":"P2"}}""", "SEV-3", "Queue")]
    [InlineData("""{"search_name":"Queue","sid":"scheduler__1","results_link":"https://splunk.example/r","result":{"count":"8"}}""", "SEV-3", "Queue")]
    [InlineData("""{"ProblemID":"P-1","ProblemTitle":"Queue","ProblemSeverity":"AVAILABILITY","State":"OPEN"}""", "SEV-3", "Queue")]
    [InlineData("""{"NOTIFICATIONTYPE":"PROBLEM","HOSTNAME":"a","SERVICEDESC":"Queue","SERVICESTATE":"CRITICAL","SERVICEOUTPUT":"9"}""", "SEV-3", "Queue")]
    [InlineData("""{"schemaId":"azureMonitorCommonAlertSchema","data":{"essentials":{"alertRule":"Queue","severity":"Sev1"}}}""", "SEV-2", "Queue")]
    [InlineData("""{"schemaId":"AzureMonitorMetricAlert","data":{"context":{"name":"Queue","severity":"2"}}}""", "SEV-3", "Queue")]
    public async Task What_has_a_name_is_an_alert(string body, string severity, string title)
    {
        await SendAsync("/webhooks/alertmanager", Encoding.UTF8.GetBytes(body));
        Assert.Equal((severity, title), await DeclaredAsync());
        if (severity != "SEV-1") Assert.Empty((await server.GetAsync("/api/halts")).Items());
    }

    [Theory]
    [InlineData("""{"AlarmName":"Queue","NewStateValue":"$","AlarmArn":"arn:1"}""", "ALARM", "OK")]
    [InlineData("""{"ruleName":"Queue","ruleId":7,"state":"$","title":"[$] Queue"}""", "alerting", "ok")]
    [InlineData("""{"heartbeat":{"monitorID":3,"status":$},"monitor":{"name":"Shop"}}""", "0", "1")]
    [InlineData("""{"data":{"essentials":{"alertRule":"Queue","monitorCondition":"$","originAlertId":"o"}}}""", "Fired", "Resolved")]
    [InlineData("""{"incident":{"incident_id":"0.a","policy_name":"Queue","state":"$"}}""", "open", "closed")]
    [InlineData("""{"action":"$","alert":{"alertId":"5","message":"Queue","alias":"q","description":"$"}}""", "Create", "Close")]
    [InlineData("""{"ProblemID":"P-1","ProblemTitle":"Queue: $","State":"$"}""", "OPEN", "RESOLVED")]
    [InlineData("""{"HOSTNAME":"a","SERVICEDESC":"Queue","SERVICESTATE":"$","SERVICEOUTPUT":"it is $"}""", "CRITICAL", "OK")]
    [InlineData("""{"host":"a","service":"Queue","state":"$","output":"it is $","severity":"$"}""", "WARNING", "OK")]
    public async Task Its_end_suggests_the_resolution(string body, string begins, string ends)
    {
        foreach (var state in new[] { begins, ends })
        {
            var one = body.Replace("$", state, StringComparison.Ordinal);
            foreach (var sent in new[] { one, JsonSerializer.Serialize(new { Type = "Notification", Subject = $"{state}: Queue", Message = one }) })
                await SendAsync("/webhooks/alertmanager", Encoding.UTF8.GetBytes(sent), "text/plain; charset=UTF-8");
        }

        Assert.True(Assert.Single((await server.GetAsync("/api/incidents")).Items()).GetProperty("resolutionSuggested").GetBoolean());
    }

    [Theory]
    [InlineData(Alert, "SEV-2", "DiskFull")]
    [InlineData("""[{"labels":{"alertname":"DiskFull","severity":"high"}}]""", "SEV-2", "DiskFull")]
    [InlineData("The backup of db-1\nhas failed", "SEV-3", "Backup")]
    public async Task What_Amazon_SNS_carries_is_read(string message, string severity, string title)
    {
        var notification = JsonSerializer.Serialize(new { Type = "Notification", TopicArn = "arn:t", Subject = "Backup", Message = message });
        await SendAsync("/webhooks/alertmanager", Encoding.UTF8.GetBytes(notification), "text/plain; charset=UTF-8");
        Assert.Equal((severity, title), await DeclaredAsync());
    }

    [Fact]
    public async Task A_subscription_that_waits_for_its_confirmation_is_shown_with_the_address()
    {
        var address = $"https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token={new string('2', 250)}";
        var body = JsonSerializer.Serialize(new { Type = "SubscriptionConfirmation", TopicArn = "arn:aws:sns:eu-west-1:1:alerts", SubscribeURL = address });
        var refused = (await PostAsync("/webhooks/alertmanager", Encoding.UTF8.GetBytes(body), "text/plain")).Refused(400, "alert.subscription");
        Assert.Contains(address, refused.Text("detail"), StringComparison.Ordinal);
        Assert.Contains(WebUtility.HtmlEncode(address), (await server.GetAsync("/")).Body, StringComparison.Ordinal);
        Assert.Empty((await server.GetAsync("/api/incidents")).Items());
    }

    /// <summary>Amazon SNS shows the password of its address only when it is asked for it.</summary>
    [Fact]
    public async Task Who_shows_no_token_is_asked_for_a_password_too()
    {
        await using var guarded = await GuardedServer.StartAsync();
        var token = (await guarded.TokenAsync(new { handle = "@alertmanager" })).Text("secret");
        using var client = new HttpClient { BaseAddress = guarded.Server.Address };
        using var first = await client.PostAsync("/webhooks/alertmanager", new StringContent(Alert));
        Assert.Equal((HttpStatusCode.Unauthorized, true), (first.StatusCode, first.Headers.WwwAuthenticate.Any(scheme => scheme.Scheme == "Basic")));
        client.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"sns:{token}")));
        using var second = await client.PostAsync("/webhooks/alertmanager", new StringContent(Alert));
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
    }

    /// <summary>Datadog and Zabbix name the environment in a tag.</summary>
    [Theory]
    [InlineData("""{"tags":["env:staging","service:shop"]}""")]
    [InlineData("""{"tags":"env:staging,service:shop"}""")]
    [InlineData("""{"Event tags":"env:staging, service:shop"}""")]
    [InlineData("""[{"name":"env","value":"staging"}]""")]
    public async Task A_tag_of_an_event_is_a_label(string details)
    {
        const string Payload = """{"summary":"Down","source":"a","severity":"critical","custom_details":$}""";
        await SendAsync("/v2/enqueue", Encoding.UTF8.GetBytes(
            """{"routing_key":"k","event_action":"trigger","payload":$}""".Replace("$", Payload, StringComparison.Ordinal)
                .Replace("$", details, StringComparison.Ordinal)));
        Assert.Equal(("SEV-1", "Down"), await DeclaredAsync());
        Assert.Empty((await server.GetAsync("/api/halts")).Items());
    }

    [Theory]
    [InlineData("""{"alertname":"DatasourceNoData","rulename":"CPU","severity":"critical"}""", "SEV-1")]
    [InlineData("""{"alertname":"A","severity":"warning","level":"1"}""", "SEV-3")]
    [InlineData("""{"alertname":"A","severity":"low","priority":1}""", "SEV-4")]
    [InlineData("""{"alertname":"A","priority":"2"}""", "SEV-2")]
    [InlineData("""{"alertname":"A","severity":["warning","high"]}""", "SEV-2")]
    [InlineData("""{"alertname":"A","severity":"warning|high"}""", "SEV-2")]
    public async Task What_is_no_emergency_halts_nothing(string labels, string severity)
    {
        await SendAsync("/webhooks/alertmanager", Encoding.UTF8.GetBytes($$"""{"alerts":[{"labels":{{labels}}}]}"""));
        Assert.Equal(severity, (await DeclaredAsync()).Item1);
        Assert.Empty((await server.GetAsync("/api/halts")).Items());
    }

    [Fact]
    public async Task An_alert_that_halts_nothing_halts_nothing_when_it_raises_an_incident()
    {
        const string Group = """{"groupKey":"g","alerts":[{"labels":{"alertname":"$"}}]}""";
        foreach (var name in new[] { "CPU", "DatasourceNoData\",\"severity\":\"critical" })
            await SendAsync("/webhooks/alertmanager", Encoding.UTF8.GetBytes(Group.Replace("$", name, StringComparison.Ordinal)));
        Assert.Equal(("SEV-1", "CPU"), await DeclaredAsync());
        Assert.Empty((await server.GetAsync("/api/halts")).Items());
        var other = Group.Replace("$", "Other\",\"severity\":\"critical", StringComparison.Ordinal).Replace("\"g\"", "\"h\"", StringComparison.Ordinal);
        await SendAsync("/webhooks/alertmanager", Encoding.UTF8.GetBytes(other));
        Assert.Single((await server.GetAsync("/api/halts")).Items());
    }

    [Theory]
    [InlineData("""{"labels":{"alertname":"Watchdog","severity":"critical"}}""")]
    [InlineData("""{"labels":{"alertname":"A","severity":"critical"},"status":{"state":"suppressed","silencedBy":["s"]}}""")]
    [InlineData("""{"labels":{"alertname":"A","severity":"critical"},"status":"pending"}""")]
    public async Task What_says_that_it_is_no_alert_declares_nothing_and_is_named(string alert)
    {
        Assert.Single((await SendAsync("/webhooks/alertmanager", Encoding.UTF8.GetBytes($$"""{"alerts":[{{alert}}]}"""))).List("ignored"));
        Assert.Empty((await server.GetAsync("/api/incidents")).Items());
    }

    [Fact]
    public async Task A_second_document_in_a_body_is_named_as_left_out() => Assert.Single(
        (await SendAsync("/webhooks/alertmanager", Encoding.UTF8.GetBytes(Alert + "\n" + Alert))).List("cut"));

    [Fact]
    public async Task A_key_that_cannot_be_kept_loses_no_alert()
    {
        foreach (var (path, body) in new[] { ("/webhooks/alertmanager", Alert), ("/v2/enqueue", Event) })
            Assert.True((int)(await server.PostAsync(path, null, body, new string('k', 300), "two words")).Status is 200 or 202);
        Assert.Equal(2, (await server.GetAsync("/api/incidents")).Items().Length);
    }

    [Fact]
    public async Task One_check_of_two_hosts_is_two_alerts()
    {
        foreach (var host in new[] { "a", "b" })
            await SendAsync("/webhooks/alertmanager", Encoding.UTF8.GetBytes($$"""{"host":"{{host}}","service":"Queue","state":"CRITICAL"}"""));
        Assert.Equal(2, (await server.GetAsync("/api/incidents")).Items().Length);
    }

    private async Task<(string, string)> DeclaredAsync()
    {
        var incident = Assert.Single((await server.GetAsync("/api/incidents")).Items());
        return (incident.Text("severity"), incident.Text("title"));
    }

    private async Task<JsonElement> SendAsync(string path, byte[] body, string type = "application/json", string? encoding = null)
    {
        var reply = await PostAsync(path, body, type, encoding);
        Assert.True((int)reply.Status is 200 or 202, reply.Body);
        return reply.Json;
    }

    private async Task<Reply> PostAsync(string path, byte[] body, string type = "application/json", string? encoding = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        if (encoding is not null) request.Content.Headers.ContentEncoding.Add(encoding);
        return await server.SendAsync(request);
    }

    private static byte[] Packed(byte[] body, string? how)
    {
        using var packed = new MemoryStream();
        Stream? packing = how switch
        {
            "gzip" => new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            "deflate" => new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            "br" => new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            _ => null,
        };
        if (packing is null) return body;
        using (packing) packing.Write(body);
        return packed.ToArray();
    }
}
