using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Flows;

public sealed partial class FlowChecker
{
    /// <summary>Tools that name no target state. Two rows that such a tool could take are ambiguous regardless of their targets.</summary>
    private static readonly string[] ToolsWithoutTarget = ["message_ack", "handoff", "atp_close"];

    private void CheckRows()
    {
        for (var index = 0; index < flow.Rows.Length; index++)
        {
            var (row, path) = (flow.Rows[index], $"rows[{index}]");
            CheckNumber(row, path, flow.Rows.Take(index));
            CheckEnds(row, path);
            CheckRole(row.Role, context.IsTaker, $"{path}.role", FlowRules.RowRoleUnknown);
            CheckTools(row, path);
            CheckHitl(row, path);
            CheckRequires(row, path);
            CheckAutomatic(row, path);
            CheckEmits(row, path);
        }
    }

    private void CheckNumber(FlowRow row, string path, IEnumerable<FlowRow> before)
    {
        if (row.Number < 1)
            Problem($"{path}.number", FlowRules.RowNumberMalformed, $"a row's number must be 1 or more, not {row.Number}");
        foreach (var other in before)
        {
            if (other.Number == row.Number)
                Problem($"{path}.number", FlowRules.RowNumberDuplicate, $"there is a row {row.Number} already; every row has its own number");
            else if (Ambiguous(row, other))
            {
                Problem(path, FlowRules.RowAmbiguous,
                    $"rows {other.Number} and {row.Number} leave {row.From} by the same role, "
                    + "the same way and under the same conditions; tell them apart or drop one");
            }
        }
    }

    private static bool Ambiguous(FlowRow one, FlowRow other)
    {
        if (one.Kind == RowKind.FollowUp || one.From != other.From || one.Role != other.Role || one.Automatic != other.Automatic)
            return false;
        var shared = one.Tools.Intersect(other.Tools).ToArray();
        var sameWay = one.Automatic || shared.Any(ToolsWithoutTarget.Contains) || (one.To == other.To && shared.Length > 0);
        return sameWay && Conditions(one.Requires) == Conditions(other.Requires);
    }

    private static string Conditions(RowRequires requires) => string.Join('|',
        Sorted(requires.Gates),
        Sorted(requires.Artifacts.Select(artifact => $"{artifact.Type}/{artifact.Outcome}/{artifact.By}")),
        Sorted(requires.Branches),
        Sorted(requires.Severities),
        requires.Approval?.Role);

    private static string Sorted(IEnumerable<string> names) => string.Join(',', names.Order(StringComparer.Ordinal));

    private void CheckEnds(FlowRow row, string path)
    {
        if (row.Kind == RowKind.Transition)
            CheckState(row.From, $"{path}.from", FlowRules.RowFromUnknown);
        if (row.Kind != RowKind.FollowUp)
            CheckState(row.To, $"{path}.to", FlowRules.RowToUnknown);
    }

    private void CheckTools(FlowRow row, string path)
    {
        if (row.Tools.IsEmpty && !row.Automatic && row.Kind != RowKind.FollowUp)
            Problem(path, FlowRules.RowToolsNone, $"row {row.Number} cannot be taken: name its `tools`, or mark it `automatic: true`");
        for (var index = 0; index < row.Tools.Length; index++)
        {
            if (!FlowContext.Tools.Contains(row.Tools[index]))
            {
                Problem($"{path}.tools[{index}]", FlowRules.RowToolUnknown,
                    $"`{row.Tools[index]}` takes no row; the tools that do are {string.Join(", ", FlowContext.Tools)}");
            }
        }
    }

    /// <summary>Seed 000: all transitions notify. Each notification must be a message in the flow's table.</summary>
    private void CheckHitl(FlowRow row, string path)
    {
        if (row.Hitl == RowHitl.None && flow is { Priority: Priority.P0, Halts: not null })
        {
            Problem(
                path,
                FlowRules.RowHitlMissing,
                $"row {row.Number} does not notify the operator, and this flow halts other work at P0; give it `hitl: notify`");
        }

        if (row.Hitl != RowHitl.None && !row.Emits.Messages.Any(message => message is { Type: MessageType.HITLNotification, To: "operator" }))
            Problem(path, FlowRules.RowHitlUntold, $"row {row.Number} has `hitl` but owes no HITLNotification to operator; write it under `emits.messages`");
        if (row.Hitl == RowHitl.Approve && row.Requires.Approval is null)
            Problem(path, FlowRules.ApprovalMissing, $"row {row.Number} has `hitl: approve` but asks for no approval; write it under `requires.approval`");
    }

    private void CheckAutomatic(FlowRow row, string path)
    {
        if (!row.Automatic) return;
        var (artifacts, waits) = (row.Requires.Artifacts, row.Requires.Approval is not null || !row.Requires.Branches.IsEmpty);
        if (row.Kind != RowKind.Transition || (artifacts.IsEmpty && !waits))
        {
            Problem(path, FlowRules.RowAutomaticUnconditional,
                $"row {row.Number} is automatic and waits for nothing; let it require an artifact, a branch or an approval");
        }
        else if (!waits && !artifacts.Any(artifact => artifact.Fresh) && CanReturnTo(row.From))
        {
            Problem(path, FlowRules.RowAutomaticStale,
                $"the ATP can come back to {row.From}, and row {row.Number} would then be taken on the old artifact; mark it `fresh: true`");
        }
    }
}
