using System.Text.Json;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Json;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Maintenance;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Testing;
using Microsoft.Extensions.Time.Testing;

namespace IncidentActors.Server.Tests.Replays;

/// <summary>
/// A night's message log in the seeds' own syntax, replayed by many clients at once: ordinary work, hotfixes and an emergency, with
/// repeats, late acknowledgements, wrong handles, messages after the end and commands of halted agents. However the calls meet, the
/// same log leads to the same end, on either store.
/// </summary>
public sealed class MessageLogTests
{
    private const int Tasks = 12;
    private const int Hotfixes = 3;

    [Fact]
    public async Task Two_replays_on_SQLite_end_alike() => Assert.Equal(await ReplayAsync(null, 1), await ReplayAsync(null, 2));

    [PostgresFact]
    public async Task A_replay_on_PostgreSQL_ends_as_one_on_SQLite() =>
        Assert.Equal(await ReplayAsync(null, 3), await ReplayAsync(await PostgresServer.Shared.CreateDatabaseAsync(), 4));

    private static async Task<string> ReplayAsync(string? journal, int seed)
    {
        await using var server = await ServerUnderTest.StartAsync(
            options => options with { Time = TestClock.Start() }, options => options with { Journal = journal });
        var tasks = Enumerable.Range(0, Tasks).Select(number => (Story: new Story(server, $"task-{number}", seed + number), number)).ToList();
        var stories = tasks.Select(one => TaskAsync(server, one.Story, one.number)).ToList();
        stories.AddRange(Enumerable.Range(0, Hotfixes).Select(number =>
            HotfixAsync(new Story(server, $"hotfix-{number}", seed + 100 + number), $"AT-HF-{number}")));
        stories.Add(EmergencyAsync(server, new Story(server, "emergency", seed + 200)));
        await Task.WhenAll(stories);
        Assert.Contains(tasks, one => one.Story.Halted > 0);
        var lines = new List<JournalLine>();
        await Eventually.TrueAsync(
            async () =>
            {
                lines.Clear();
                await foreach (var line in server.Server.Engine.Journal.ReadAllAsync(default)) lines.Add(line);
                return !lines.OfType<EffectLine>().Any(effect => !effect.Clock);
            },
            "the application of every effect");
        Assert.Empty((await JournalVerification.RunAsync(lines.ToAsyncEnumerable(), default)).Problems);
        var events = lines.OfType<EventLine>().ToList();
        NobodyCoveredWorked(events);
        return Ending(lines, events);
    }

    /// <summary>One piece of ordinary work, with every mistake that agents make.</summary>
    private static async Task TaskAsync(ServerUnderTest server, Story story, int number)
    {
        var worker = $"@worker-{number}";
        (await server.PostAsync("/api/tools/inbox", worker, new { })).IsOk();
        var atp = (await story.OkAsync(
            "@pm", "atp_create", new { title = $"Story {number}", notes = "Make the list sortable", owner = worker, flow = "standard" })).Text("id");
        var one = (await story.OkAsync("@pm", "message_send", Message("@pm", worker, "Directive", "Begin with the model"))).Text("messageId");
        var two = (await story.OkAsync("@pm", "message_send", Message("@pm", worker, "Directive", "Then the page"))).Text("messageId");
        await story.OkAsync(worker, "message_ack", new { messageId = two, agent = worker, notes = "Second first" });
        await story.OkAsync(worker, "message_ack", new { messageId = one, agent = worker });
        await story.RefusedAsync(409, "message.ack.repeated", worker, "message_ack", new { messageId = one, agent = worker });
        await story.RefusedAsync(404, "message.unknown", worker, "message_ack", new { messageId = "msg-xxx", agent = worker });
        var foreign = (await story.OkAsync("@pm", "message_send", Message("@pm", worker, "Decision", "Ascending"))).Text("messageId");
        await story.RefusedAsync(403, "message.ack.foreign", "@qa", "message_ack", new { messageId = foreign, agent = "@qa" });
        await story.RefusedAsync(403, "caller.mismatch", worker, "atp_set", new { atpId = atp, status = "InProgress", agent = "@pm" });
        await story.RefusedAsync(422, "message.to-self", worker, "message_send", Message(worker, worker, "Blocker", "Note to myself"));
        await story.RefusedAsync(404, "atp.unknown", worker, "atp_change_status", new { atpId = $"AT-NONE-{number}", status = "InProgress" });
        await story.RefusedAsync(409, "atp.transition.unknown", worker, "atp_change_status", new { atpId = atp, status = "Deployed" });
        await story.OkAsync(worker, "atp_set", new { atpId = atp, status = "InProgress", agent = worker, notes = "Begun" });
        await story.RefusedAsync(
            422, "handoff.sections.missing", worker, "handoff", new { atpId = atp, fromAgent = worker, toAgent = "@pm", completedWork = "All of it" });
        await story.OkAsync(
            worker, "artifact_create", new { atpId = atp, artifactType = "TestReport", title = "Tests", content = "All pass", persist = "store" });
        await HandOffAsync();
        if (number % 2 == 1)
        {
            await story.OkAsync("@pm", "atp_change_status", new { atpId = atp, status = "Rejected", agent = "@pm", notes = "Not sortable" });
            await story.OkAsync(worker, "atp_change_status", new { atpId = atp, status = "InProgress", agent = worker });
            await HandOffAsync();
        }

        await story.OkAsync("@pm", "atp_close", new { atpId = atp, notes = "Accepted" });
        await story.RefusedAsync(422, "turn.ended", "@pm", "atp_create", new { title = "And another", notes = "in the same message" });
        await story.RefusedAsync(409, "atp.closed", worker, "message_send", Message(worker, "@pm", "Decision", "Too late"));

        object Message(string from, string to, string type, string subject) => new
        {
            atpId = atp, fromAgent = from, toAgent = to, messageType = type, priority = "P2-Normal",
            subject, body = "…", requiresAck = type == "Directive",
        };

        async Task HandOffAsync() => await story.OkAsync(worker, "message_send", new
        {
            atpId = atp, fromAgent = worker, toAgent = "@pm", messageType = "Handoff", priority = "P2-Normal", subject = $"Handoff: Story {number}",
            body = "## Ready\n\n### Completed Work\n- Sorted\n\n### Pending Work\n- Accept\n\n### Evidence\n- Tests pass",
        });
    }

    private static Task HotfixAsync(Story story, string atp) => story.SeedAsync(SeedCall.Of("seed-001.json"), "AT-XX-YY", atp);

    private static async Task EmergencyAsync(ServerUnderTest server, Story story)
    {
        var calls = SeedCall.Of("seed-000.json");
        await story.SeedAsync(calls[..6], "AT-EMRG-01", "AT-EMRG-01");
        var approval = Assert.Single((await server.GetAsync("/api/approvals?state=open")).Items());
        await story.OkAsync("@pm", "approval_decide", new { approvalId = approval.Text("id"), decision = "approve" });
        await story.OkAsync("@sre", "atp_change_status", new { atpId = "AT-EMRG-01", status = "Deployed" });
        await story.SeedAsync(calls[6..], "AT-EMRG-01", "AT-EMRG-01");
        foreach (var halt in (await server.GetAsync("/api/halts")).Items().Where(halt => halt.GetProperty("liftedAt").ValueKind == JsonValueKind.Null))
            await story.OkAsync("@operator", "halt_lift", new { haltId = halt.Text("id"), notes = "It is over" });
    }

    /// <summary>Between a halt of everything and its lift no ordinary worker has touched an ATP; to be seen and to look is allowed.</summary>
    private static void NobodyCoveredWorked(List<EventLine> events)
    {
        var active = 0;
        foreach (var one in events)
        {
            if (one.Actor.Kind == ActorKind.Halt)
            {
                active += EventTypes.Read(one.Name, one.Payload.Span) switch { HaltRaised { Mode: HaltMode.Enforce } => 1, HaltLifted => -1, _ => 0 };
                continue;
            }

            var works = one.Actor.Kind == ActorKind.Atp && one.By.StartsWith("@worker-", StringComparison.Ordinal);
            Assert.False(active > 0 && works, $"{one.By} did {one.Name} under a halt");
        }

        Assert.Contains(events, one => one.Actor.Kind == ActorKind.Halt);
        Assert.Equal(0, active);
    }

    /// <summary>How everything ended, without what is chosen at random: who did what to which ATP and incident, and what is unread.</summary>
    private static string Ending(List<JournalLine> lines, List<EventLine> events)
    {
        var names = lines.OfType<ActorLine>()
            .Where(line => line.Actor.Kind is ActorKind.Atp or ActorKind.Incident)
            .ToDictionary(line => line.Actor, line => JsonDocument.Parse(line.Document).RootElement.Text("title"));
        var ended = lines.OfType<ActorLine>().Where(line => names.ContainsKey(line.Actor)).Select(line =>
            $"{line.Actor.Kind} {names[line.Actor]}: {line.Index.Status} {line.Index.Rank} {line.Index.Owner} {line.Index.Flow}\n  "
            + string.Join("\n  ", events.Where(one => one.Actor == line.Actor).Select(one => $"{one.Name} {one.By}").CountBy(told => told)
                .OrderBy(told => told.Key, StringComparer.Ordinal).Select(told => $"{told.Value} {told.Key}")));
        var unread = lines.OfType<MessageLine>().Where(line => line.AckedAt is null)
            .Select(line => $"{line.Message.To} {line.Message.Type} {line.Message.Priority}");
        return string.Join('\n', ended.Order(StringComparer.Ordinal).Concat(unread.Order(StringComparer.Ordinal)));
    }
}
