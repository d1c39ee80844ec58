using IncidentActors.Agents;
using IncidentActors.Client;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Messages;
using IncidentActors.Core.Permits;
using Orleans;
using Orleans.Runtime;

namespace HostedAgents;

/// <summary>What a team does when a command is refused: the turn fails, and its message comes again later.</summary>
internal static class Results
{
    public static async Task<T> OkAsync<T>(this Task<CommandResult<T>> command)
        where T : class =>
        await command is var result && result.IsAccepted
            ? result.Value
            : throw new InvalidOperationException($"refused by {result.Refusal!.Rule}: {result.Refusal.Sentence}");
}

/// <summary>Begins an emergency for each blocker, approves the fix, and closes the ATP when the fix is deployed.</summary>
public sealed class CommanderAgent : HostedAgent
{
    protected override async Task OnMessageAsync(MessageView message, AgentTurn turn)
    {
        switch (message.Type)
        {
            case MessageType.Blocker:
                var emergency = turn.Incidents.Atp(message.AtpId.Replace("AT-", "AT-EMRG-", StringComparison.Ordinal));
                await emergency.DoAsync(new SetAtp("InProgress", $"🚨 SEV-1: {message.Subject}")).OkAsync();
                await emergency.DoAsync(
                    new SendMessage("@operator", MessageType.HITLNotification, Priority.P0, "🚨 SEV-1 INCIDENT", "## INCIDENT DECLARED")).OkAsync();
                await emergency.DoAsync(new SendMessage("@dev", MessageType.EmergencyDirective, Priority.P0, "🚨 EMERGENCY", message.Body)).OkAsync();
                break;
            case MessageType.Handoff:
                var open = (await turn.Atp.GetAsync(turn.Halted))!.Approvals.Where(approval => approval.Status == AtpApprovalStatus.Open);
                foreach (var approval in open) await turn.Atp.DecideAsync(approval.Id, new DecideApproval(true)).OkAsync();
                await turn.Atp.DoAsync(new SendMessage("@sre", MessageType.Directive, Priority.P0, "Deploy the fix", message.Body)).OkAsync();
                break;
            case MessageType.CompletionNotification:
                await turn.Atp.DoAsync(
                    new CreateArtifact("PMVerificationReport", "PM Verification Report", "The service answers.", Persist: "both")).OkAsync();
                await turn.Atp.DoAsync(new ChangeStatus("Closed")).OkAsync();
                await turn.Atp.DoAsync(new SendMessage(
                    "@operator", MessageType.HITLNotification, Priority.P1, "✅ INCIDENT RESOLVED - Postmortem Required", "Closed.")).OkAsync();
                break;
        }
    }
}

/// <summary>The fixes that a developer has made.</summary>
public sealed class Fixes
{
    public List<string> Atps { get; set; } = [];
}

/// <summary>Fixes the service and hands the ATP back.</summary>
public sealed class DeveloperAgent([PersistentState("fixes", "agents")] IPersistentState<Fixes> fixes) : HostedAgent
{
    protected override async Task OnMessageAsync(MessageView message, AgentTurn turn)
    {
        if (message.Type != MessageType.EmergencyDirective) return;
        await turn.AcknowledgeAsync("On it.").OkAsync();
        if (!fixes.State.Atps.Contains(message.AtpId)) fixes.State.Atps.Add(message.AtpId);
        await fixes.WriteStateAsync();
        await turn.Atp.DoAsync(new HandOff("@pm", "- Fix", "- Deploy", "- Build passes", Priority.P0)).OkAsync();
        await turn.Atp.DoAsync(new SendMessage("@operator", MessageType.HITLNotification, Priority.P0, "🚨 FIX READY", "- Fix")).OkAsync();
    }
}

/// <summary>Deploys under a permit.</summary>
public sealed class DeployerAgent : HostedAgent
{
    protected override async Task OnMessageAsync(MessageView message, AgentTurn turn)
    {
        if (message.Type != MessageType.Directive) return;
        await using var permit = await turn.PermitAsync("deploy", "checkout", "production");
        await DeployAsync(permit.Halted);
        await permit.ReleaseAsync(PermitOutcome.Done).OkAsync();
        await turn.Atp.DoAsync(new ChangeStatus("Deployed")).OkAsync();
        await turn.Atp.DoAsync(new SendMessage("@pm", MessageType.CompletionNotification, Priority.P0, "Deployed", "The fix is live.")).OkAsync();
    }

    /// <summary>The place of the real deployment. It stops when the permit ends.</summary>
    private static Task DeployAsync(CancellationToken halted) => Task.CompletedTask.WaitAsync(halted);
}
