using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents.Lifecycle;

namespace IncidentActors.Core.Atps;

/// <summary>Decisions about one ATP: (state, command) → events and effects, or a named refusal. The table of its flow decides on transitions.</summary>
public static class AtpDecider
{
    /// <summary>Runs from creation until the ATP's due time.</summary>
    public const string DueClock = "due";

    /// <summary>Holds the messages that are about no ATP; the first of them creates it.</summary>
    public const string General = "AT-GENERAL";

    /// <summary>Runs from the question until the approval's timeout decides.</summary>
    public static string ApprovalClock(string approvalId) => $"approval:{approvalId}";

    /// <param name="state">Null: the ATP does not exist.</param>
    public static Decision Decide(string id, AtpState? state, AtpCommand command, World world)
    {
        if (OwnerOverride.Check(world.Caller) is { } refused) return refused;
        var turn = new AtpTurn(world, id, state, new Decision());
        if (BoundaryOf(turn, command) is { } ended) return ended;
        if (AtpDetails.Refused(turn, command) is { } unfit) return unfit;
        var rejected = command switch
        {
            CreateAtp create => AtpCreation.Create(turn, create),
            SetAtp set when state is null => AtpCreation.CreateBySetting(turn, set),
            SendMessage send when state is null && id == General => AtpCreation.OpenGeneral(turn) ?? AtpMessages.Send(turn, send),
            _ when state is null => AtpIds.Unknown(turn),
            SetAtp set => AtpFields.Set(turn, set),
            ChangeStatus change => AtpRows.ChangeStatus(turn, change.Status, change.Notes, Tools.ChangeStatus),
            CloseAtp close => AtpRows.Close(turn, close.Notes),
            SendMessage send => AtpMessages.Send(turn, send),
            AcknowledgeMessage acknowledge => AtpMessages.Acknowledge(turn, acknowledge),
            HandOff handOff => AtpHandoff.HandOff(turn, handOff),
            CreateArtifact artifact => AtpArtifacts.Create(turn, artifact),
            SettleApproval settle => AtpApprovals.Settle(turn, settle),
            PostNotice notice => AtpMessages.Post(turn, notice),
            AtpTimeIsUp time => AtpClocks.Ring(turn, time.Clock),
            _ => throw new InvalidOperationException($"an ATP cannot handle the command {command.GetType().Name}"),
        };
        if (rejected is not null) return OwnerOverride.Hint(rejected, world.Caller);
        AtpDetails.Keep(turn, command);
        AtpMessages.ActedSilently(turn, command);
        IncidentHitl.Once(world, turn.Decision);
        if (turn.Decision.Changes.Any()) AtpOverride.Record(turn, command);
        return turn.Decision;
    }

    public static Rejected Unknown(string id) =>
        Rejected.Unknown(Rules.AtpUnknown, $"There is no ATP {id}; create it with atp_create or atp_set.");

    /// <summary>Message boundary rule: after its own closure an agent may only settle what that closure owes.</summary>
    private static Rejected? BoundaryOf(AtpTurn turn, AtpCommand command)
    {
        var caller = turn.World.Caller;
        if (TurnBoundary.Briefing(caller) is { } owed) return owed;
        if (TurnBoundary.Check(caller) is not { } ended) return null;
        var settles = command switch
        {
            SendMessage send => turn.Exists && turn.Id == caller.Ended!.AtpId
                && (AtpMessages.OwedFor(turn, send) is not null || AtpClosure.IsNotice(turn, send)),
            CreateArtifact artifact => turn.Exists && turn.Id == caller.Ended!.AtpId && AtpClosure.IsReport(turn, artifact),
            CreateAtp create => AtpCreation.FollowUpOwed(turn.World, create) is not null,
            _ => false,
        };
        return settles ? null : ended;
    }
}

/// <summary>Names of the tools as flow rows write them.</summary>
public static class Tools
{
    public const string Set = "atp_set";
    public const string Create = "atp_create";
    public const string ChangeStatus = "atp_change_status";
    public const string Close = "atp_close";
    public const string Ack = "message_ack";
    public const string Handoff = "handoff";

    /// <summary>Done outside and reported here by <see cref="ChangeStatus"/> or <see cref="Set"/>.</summary>
    public const string External = "external";

    /// <summary>A command to the ATP's incident moved it.</summary>
    public const string Incident = "incident_update";

    /// <summary>The system took an automatic row.</summary>
    public const string System = "system";
}
