using IncidentActors.Core.Atps;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Tests.Tables;

/// <summary>AT-1 in every state of a flow, and every command that can be asked of it, by who may and by who may not.</summary>
internal static class AtpCases
{
    public static IEnumerable<(string Name, Func<Stage> Stage)> States(string flow) =>
    [
        ("(none)", () => new Stage()),
        .. FlowSet.Shipped.Find(flow)!.States.Select(state => (state.Name, StageIn(flow, state.Name))),
    ];

    private static Func<Stage> StageIn(string flow, string state) =>
        () => flow == "emergency" ? Play.Emergency(state, "AT-1") : Standard(state);

    public static IEnumerable<(string Name, string By, Func<Stage, AtpCommand> Command)> Commands(string flow)
    {
        foreach (var by in new[] { "@pm", "@dev", "@sre" })
        {
            foreach (var state in FlowSet.Shipped.Find(flow)!.States)
                yield return ($"atp_change_status {state.Name}", by, _ => new ChangeStatus(state.Name));
            yield return ("atp_close", by, _ => new CloseAtp(null));
            yield return ("handoff", by, _ => new HandOff(by == "@pm" ? "@sre" : "@pm", "done", "rest", "tests"));
        }

        yield return ("atp_create", "@pm", _ => new CreateAtp("work", Flow: flow, Owner: "@dev"));
        yield return ("atp_create", "@qa", _ => new CreateAtp("work", Flow: flow, Owner: "@dev"));
        yield return ("atp_create of a closed incident", "@pm", _ => new CreateAtp("work", Flow: flow, IncidentId: "INC-0", Owner: "@dev"));
        yield return ("atp_set notes", "@dev", _ => Play.Set(notes: "a note"));
        yield return ("atp_set notes", "@luna", _ => Play.Set(notes: "a note"));
        yield return ("atp_set to no state", "@dev", _ => Play.Set("Elsewhere"));
        yield return ("atp_set an unknown gate", "@dev", _ => Play.Set(gates: "no-gate"));
        yield return ("atp_set an unknown owner", "@dev", _ => Play.Set(owner: "@nobody"));
        yield return ("message_send", "@pm", _ => new SendMessage("@dev", MessageType.Directive, null, "subject", "body"));
        yield return ("message_send to oneself", "@pm", _ => new SendMessage("@pm", MessageType.Directive, null, "subject", "body"));
        yield return ("message_send handoff without sections", "@dev", _ => new SendMessage("@pm", MessageType.Handoff, null, "subject", "body"));
        yield return ("message_ack of what is not there", "@dev", _ => new AcknowledgeMessage(99));
        yield return ("handoff without evidence", "@dev", _ => new HandOff("@pm", "done", "rest", ""));
        yield return ("artifact_create report", "@pm", _ => new CreateArtifact("PMVerificationReport", "report", "verified"));
        yield return ("artifact_create report", "@dev", _ => new CreateArtifact("PMVerificationReport", "report", "verified"));
        yield return ("artifact_create to nowhere", "@dev", _ => new CreateArtifact("Note", "note", "text", Persist: "cloud"));
    }

    private static Stage Standard(string upTo)
    {
        var stage = new Stage();
        stage.Create("AT-1", owner: "@dev");
        var way = upTo switch
        {
            "Queued" => (string[])[],
            "InProgress" => ["InProgress"],
            "Blocked" => ["InProgress", "Blocked"],
            _ => ["InProgress", "Complete"],
        };
        foreach (var state in way) stage.Do("AT-1", Play.Set(state), "@dev");
        if (upTo == "Rejected") stage.Do("AT-1", Play.Set("Rejected"), "@pm");
        if (upTo == "Closed") stage.Do("AT-1", new CloseAtp(null), "@pm");
        return stage;
    }
}
