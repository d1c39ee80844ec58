using System.Text.RegularExpressions;
using IncidentActors.Engine.Telemetry;
using IncidentActors.Server.Tests.Deliveries;
using IncidentActors.Server.Tests.Deploy;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Testing;
using Npgsql;

namespace IncidentActors.Server.Tests.Telemetry;

/// <summary>Every alert rule fires from the figures of a system that is really broken, and none does while it is well.</summary>
public sealed partial class AlertRuleTests
{
    private static readonly string File = Path.Combine(AppContext.BaseDirectory, "deploy", "prometheus", "rules.yml");

    [Fact]
    public void Every_rule_has_a_runbook_and_asks_for_figures_that_there_are()
    {
        var known = MetricCatalogue.All.Select(PrometheusNames.Of).ToHashSet();
        foreach (var rule in Rules())
        {
            var name = (string)rule["alert"];
            Assert.Equal($"https://incidentactors.dev/runbooks/{name}", (string)rule["annotations"]["runbook_url"]);
            Assert.Contains(
                $"# {name}\n", System.IO.File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "deploy", "runbooks", $"{name}.md")),
                StringComparison.Ordinal);
            Assert.All(MetricName().Matches(LabelList().Replace((string)rule["expr"], "")), match => Assert.Contains(Series().Replace(match.Value, ""), known));
        }

        Assert.Equal(
            Rules().Select(rule => (string)rule["alert"]).Order(StringComparer.Ordinal),
            Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "deploy", "runbooks"))
                .Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal));
    }

    [PrometheusFact]
    public async Task The_rules_are_in_order_for_promtool()
    {
        var (code, said) = await PrometheusProcess.ToolAsync("", "check", "rules", File);
        Assert.True(code == 0, said);
    }

    [PrometheusFact]
    public async Task A_halt_that_has_never_been_rehearsed_is_told_of_after_two_days()
    {
        var fields = Rules().Single(rule => (string)rule["alert"] == "HaltNotRehearsed")["annotations"].Fields
            .Select(field => $"{field.Key}: \"{(string)field.Value}\"");
        var alert = $"[{{exp_labels: {{severity: warning}}, exp_annotations: {{{string.Join(", ", fields)}}}}}]";
        var folder = Directory.CreateTempSubdirectory("rules-").FullName;
        var test = Path.Combine(folder, "test.yml");
        await System.IO.File.WriteAllTextAsync(test, $$"""
            rule_files: ["{{File}}"]
            evaluation_interval: 10m
            tests:
              - interval: 10m
                input_series: [{series: 'incident_node_ready{instance="a"}', values: "1x400"}]
                alert_rule_test:
                  - {eval_time: 47h, alertname: HaltNotRehearsed, exp_alerts: []}
                  - eval_time: 49h
                    alertname: HaltNotRehearsed
                    exp_alerts: {{alert}}
            """);
        var (code, said) = await PrometheusProcess.ToolAsync("", "test", "rules", test);
        Assert.True(code == 0, said);
        Directory.Delete(folder, recursive: true);
    }

    [PrometheusFact]
    public async Task Every_rule_fires_on_a_system_that_is_broken_so()
    {
        var flows = Directory.CreateTempSubdirectory("impatient-flows-").FullName;
        await System.IO.File.WriteAllTextAsync(Path.Combine(flows, "impatient.yaml"), ImpatientFlow);
        await using var hook = await Receiver.StartAsync();
        var database = await PostgresServer.Shared.CreateDatabaseAsync();
        await using var one = await NodeAsync(database, flows);
        await using var two = await NodeAsync(database, flows);
        await using var prometheus = await PrometheusProcess.StartAsync(
            [one.Process.Port, two.Process.Port], Impatient(await System.IO.File.ReadAllTextAsync(File)));
        await Eventually.TrueAsync(async () => await prometheus.QueryAsync("sum(incident_node_ready)") is [2], "two nodes that are ready");
        await Eventually.TrueAsync(
            async () => (await prometheus.QueryAsync("count_over_time(incident_node_ready[1m])")).All(scrapes => scrapes > 4), "some scrapes");
        await Eventually.TrueAsync(async () => await prometheus.FiringAsync() is { Count: 0 }, "a system in order, for which no alert fires");
        var fired = new HashSet<string>();

        // A rehearsal that is not repeated.
        await one.PostAsync("/api/halts/rehearse", "@operator", new { nonce = "alert" });
        await FiresAsync("HaltNotRehearsed");

        using (var nonsense = new StringContent("no notification", null, "application/json"))
        using (var refused = await one.Process.Client.PostAsync("/webhooks/alertmanager", nonsense))
            Assert.Equal(System.Net.HttpStatusCode.BadRequest, refused.StatusCode);
        await FiresAsync("AlertsRefused");

        hook.Answers = _ => 500;
        await one.PostAsync("/api/webhooks", "@operator", new { url = hook.Url, events = new[] { "*" } });
        await one.UseAsync("atp_create", "@dev", new { title = "Ask", flow = "impatient", owner = "@dev" });
        await FiresAsync("DeliveriesFailing");

        // A node that stands still neither confirms a halt nor is heard. After some seconds it is no node of the cluster any more: then once again.
        var broken = DateTimeOffset.UtcNow;
        var halt = (await one.PostAsync("/api/halts", "@operator", new { scope = "all", reason = "drill" })).Text("id");
        two.Process.Stall();
        await FiresAsync("HaltUnconfirmed", async () =>
        {
            if (await prometheus.QueryAsync("max(sum by (instance) (incident_nodes)) < 2") is []) return;
            await two.Process.KillAsync();
            await two.Process.StartAsync();
            await Eventually.TrueAsync(async () => await prometheus.QueryAsync("sum(incident_node_ready)") is [2], "two nodes that are ready again");
            two.Process.Stall();
        }, broken);
        await FiresAsync("NodeLost", since: broken);
        await FiresAsync("HaltForgotten", since: broken);
        two.Process.Resume();
        await one.PostAsync($"/api/halts/{halt}/lift", "@operator", new { });
        await EndsAsync("HaltUnconfirmed", "NodeLost", "HaltForgotten");

        // A transaction that somebody has forgotten: clocks that are due cannot be taken.
        await using (await ForgottenBeforeItRingsAsync(one, database)) await FiresAsync("EffectsStuck");

        // Commits that wait for such transactions, one after another: slow ones are seen over seconds only.
        await FiresAsync("CommitSlow", async () =>
        {
            await using var forgotten = await ForgottenAsync(database);
            var waiting = one.UseAsync("atp_create", "@dev", new { title = "Ask again", flow = "impatient", owner = "@dev" });
            await using var longer = new NpgsqlCommand("select pg_sleep(2)", forgotten);
            await longer.ExecuteNonQueryAsync();
            await forgotten.CloseAsync();
            await waiting;
        });
        await FiresAsync("ApprovalsOverdue");

        await one.Process.KillAsync();
        await two.Process.KillAsync();
        await FiresAsync("NoReadyNode");
        Assert.Equal(Rules().Select(rule => (string)rule["alert"]).Order(StringComparer.Ordinal), fired.Order(StringComparer.Ordinal));
        Directory.Delete(flows, recursive: true);

        async Task FiresAsync(string alert, Func<Task>? meanwhile = null, DateTimeOffset? since = null)
        {
            since ??= DateTimeOffset.UtcNow;
            await Eventually.TrueAsync(
                async () =>
                {
                    if (meanwhile is not null) await meanwhile();
                    return await prometheus.HasFiredAsync(alert, since.Value);
                },
                $"the alert {alert}");
            fired.Add(alert);
        }

        Task EndsAsync(params string[] alerts) =>
            Eventually.TrueAsync(async () => !(await prometheus.FiringAsync()).Overlaps(alerts), $"the end of {string.Join(", ", alerts)}");
    }

    /// <summary>An approval is asked for, and its clock cannot ring: the effects are held from before its time is up.</summary>
    private static async Task<NpgsqlConnection> ForgottenBeforeItRingsAsync(TracedNode node, string database)
    {
        while (true)
        {
            var atp = (await node.UseAsync("atp_create", "@dev", new { title = "Ask", flow = "impatient", owner = "@dev" })).Text("id");
            await node.UseAsync("handoff", "@dev", new { atpId = atp, toAgent = "@pm", completedWork = "Fix", pendingWork = "Approve", evidence = "Tests" });
            var forgotten = await ForgottenAsync(database);
            await using var soon = new NpgsqlCommand("select exists (select from effects_view where clock and due < now() + interval '6 s')", forgotten);
            if (await soon.ExecuteScalarAsync() is true) return forgotten;
            await forgotten.DisposeAsync();
        }
    }

    /// <summary>A transaction that holds the effects until its connection is closed.</summary>
    private static async Task<NpgsqlConnection> ForgottenAsync(string database)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var hold = new NpgsqlCommand("begin; lock table effects in exclusive mode", connection);
        await hold.ExecuteNonQueryAsync();
        return connection;
    }

    private static IEnumerable<Yaml> Rules() => Yaml.Parse(System.IO.File.ReadAllText(File))[0]["groups"].Items.SelectMany(group => group["rules"].Items);

    /// <summary>The same rules, but without waiting before they fire, and over seconds instead of days.</summary>
    private static string Impatient(string rules) =>
        Windows().Replace(Waits().Replace(rules, "for: 0s"), "[10s]")
            .Replace("> 172800", "> 3", StringComparison.Ordinal)
            .Replace("> 14400", "> 1", StringComparison.Ordinal)
            .Replace("unconfirmed_age_seconds) > 10", "unconfirmed_age_seconds) > 1", StringComparison.Ordinal);

    private static async Task<TracedNode> NodeAsync(string database, string flows)
    {
        var process = new ServerProcess("--journal", database, "--flows", flows, "--webhooks-private", "--quiet");
        await process.StartAsync();
        return new TracedNode(process);
    }

    [GeneratedRegex(@"for: \w+")]
    private static partial Regex Waits();

    [GeneratedRegex(@"\[\d+m\]")]
    private static partial Regex Windows();

    [GeneratedRegex(@"\bincident_\w+(?=[\[{)])")]
    private static partial Regex MetricName();

    [GeneratedRegex(@"\bby \([^)]*\)")]
    private static partial Regex LabelList();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex Series();

    private const string ImpatientFlow =
        """
        name: impatient
        version: 1
        title: Asks before it closes, and does not wait long
        source: this test
        priority: P2
        states:
          - { name: InProgress, active: true, means: Somebody works on it. }
          - { name: Complete, means: It waits for the answer. }
          - { name: Closed, terminal: true, means: Done. }
        rows:
          - { number: 1, from: (new), to: InProgress, trigger: Taken up, role: any, tools: [atp_create, atp_set] }
          - { number: 2, from: InProgress, to: Complete, trigger: Written, role: any, tools: [handoff] }
          - number: 3
            from: Complete
            to: Closed
            trigger: Accepted
            role: any
            tools: [atp_close, atp_change_status]
            requires:
              approval: { role: pm, question: "Close it?", within: 5s, onTimeout: block, rejectTo: InProgress }
        """;
}
