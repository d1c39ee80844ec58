using IncidentActors.Core.Approvals;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;
using IncidentActors.Engine;
using IncidentActors.Engine.Journals;
using Microsoft.Extensions.Logging.Abstractions;

namespace IncidentActors.Testing;

/// <summary>A small history like that of a drill: an incident with an approved ATP, messages, and a halt that is raised and lifted.</summary>
public static class WorkedJournal
{
    public const string Halt = "HLT-PROVEN";
    public const string Atp = "AT-EMRG-01";

    /// <returns>The incident's id.</returns>
    public static async Task<string> FillAsync(IStore journal, EngineOptions options)
    {
        await using var actors = new InProcessActors(journal, options, NullLogger.Instance);
        await actors.Turns.RefreshHaltsAsync(CancellationToken.None);
        var atp = actors.Atp(Atp);
        await OkAsync(atp.DoAsync(new SetAtp("InProgress", "checkout is down"), By("@pm")));
        var directive = await OkAsync(atp.DoAsync(new SendMessage("@dev", MessageType.EmergencyDirective, Priority.P0, "Emergency", "look"), By("@pm")));
        MessageIds.TryParse(directive.Answer.GetProperty("messageId").GetString(), out _, out var number);
        await OkAsync(atp.DoAsync(new AcknowledgeMessage(number, "on it"), By("@dev")));
        await OkAsync(atp.DoAsync(new HandOff("@pm", "fixed", "deploy", "tests pass"), By("@dev")));
        var asked = (await atp.GetAsync())!;
        await OkAsync(atp.DoAsync(new SettleApproval(asked.Approvals.Single().Id, new DecideApproval(true)), By("@pm")));
        await OkAsync(actors.Declarations.DeclareAsync(new DeclareIncident("search is slow", Severity.Sev3, DedupKey: "search"), By("@qa")));
        await OkAsync(actors.Halt(Halt).DoAsync(new RaiseHalt(HaltScope.All, "drill"), By("@operator")));
        await OkAsync(actors.Atp("AT-2").DoAsync(new CreateAtp("under the halt", Flow: "standard"), By("@operator")));
        var refused = await actors.Atp("AT-3").DoAsync(new CreateAtp("not under the halt", Flow: "standard"), By("@dev"));
        if (refused is not Rejected) throw new InvalidOperationException("The halt refused nothing.");
        await OkAsync(actors.Halt(Halt).DoAsync(new LiftHalt(), By("@operator")));
        await OkAsync(actors.Atp("AT-3").DoAsync(new SetAtp(Notes: "after the lift"), By("@operator")));
        return asked.IncidentId!;
    }

    private static Call By(string handle) => new() { At = default, Seed = "", By = handle };

    private static async Task<Accepted> OkAsync(Task<Outcome> command) => await command is { } outcome && outcome is Accepted accepted
        ? accepted
        : throw new InvalidOperationException($"refused: {command.Result}");
}
