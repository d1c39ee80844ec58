using IncidentActors.Client;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Messages;

/// <summary>The emergency flow of docs/seeds/000-emergency-atp-flow.md by the typed client, from the alert to the closed ATP.</summary>
internal static class EmergencyFlow
{
    public const string AtpId = "AT-EMRG-01";

    /// <param name="of">The client of a handle.</param>
    /// <returns>The closed ATP.</returns>
    /// <exception cref="InvalidOperationException">A step was not answered as the flow says.</exception>
    public static async Task<AtpView> RunAsync(Func<string, IncidentClient> of, CancellationToken cancel)
    {
        var (pm, dev, sre) = (of("@pm").Atp(AtpId), of("@dev").Atp(AtpId), of("@sre").Atp(AtpId));
        await OkAsync(pm.DoAsync(new SetAtp("InProgress", "🚨 SEV-1: checkout is down"), cancel: cancel));
        await OkAsync(pm.DoAsync(
            new SendMessage("@operator", MessageType.HITLNotification, Priority.P0, "🚨 SEV-1 INCIDENT", "## INCIDENT DECLARED"), cancel: cancel));
        await OkAsync(pm.DoAsync(
            new SendMessage("@dev", MessageType.EmergencyDirective, Priority.P0, "🚨 EMERGENCY", "## DROP ALL OTHER WORK"), cancel: cancel));

        await foreach (var received in of("@dev").ReceiveAsync(cancel))
        {
            if (received.Message.Subject != "🚨 EMERGENCY") continue;
            await OkAsync(received.AcknowledgeAsync("ACKNOWLEDGED", cancel: cancel));
            break;
        }

        await OkAsync(dev.DoAsync(new HandOff("@pm", "- Fix", "- Deploy", "- Build passes", Priority.P0), cancel: cancel));
        await OkAsync(dev.DoAsync(new SendMessage("@operator", MessageType.HITLNotification, Priority.P0, "🚨 FIX READY", "…"), cancel: cancel));
        await RefusedAsync(sre.DoAsync(new ChangeStatus("Deployed"), cancel: cancel), Rules.ApprovalNeeded);
        var approval = (await pm.GetAsync(cancel))!.Approvals.Single();
        await OkAsync(pm.DecideAsync(approval.Id, new DecideApproval(true), cancel: cancel));
        await OkAsync(sre.DoAsync(new ChangeStatus("Deployed"), cancel: cancel));
        await RefusedAsync(pm.DoAsync(new ChangeStatus("Closed"), cancel: cancel), Rules.ArtifactMissing);
        await OkAsync(pm.DoAsync(new CreateArtifact("PMVerificationReport", "PM Verification Report", "resolved", Persist: "both"), cancel: cancel));
        await OkAsync(pm.DoAsync(new ChangeStatus("Closed"), cancel: cancel));
        await OkAsync(pm.DoAsync(
            new SendMessage("@operator", MessageType.HITLNotification, Priority.P1, "✅ INCIDENT RESOLVED - Postmortem Required", "…"), cancel: cancel));
        await RefusedAsync(of("@pm").Atp("AT-NEXT").DoAsync(new CreateAtp("next work"), cancel: cancel), Rules.TurnEnded);
        return (await pm.GetAsync(cancel))!;
    }

    public static async Task<T> OkAsync<T>(Task<CommandResult<T>> command)
        where T : class => await command is { Value: { } value } ? value : throw new InvalidOperationException(Sentence(await command));

    public static async Task RefusedAsync<T>(Task<CommandResult<T>> command, string rule)
        where T : class
    {
        if ((await command).Refusal?.Rule != rule) throw new InvalidOperationException($"{rule} was expected: {Sentence(await command)}");
    }

    private static string Sentence<T>(CommandResult<T> result)
        where T : class => result.Refusal is { } refusal ? $"refused by {refusal.Rule}: {refusal.Sentence}" : $"accepted: {result.Value}";
}
