namespace IncidentActors.Core.Flows;

public sealed partial class FlowChecker
{
    private static readonly string[] Placeholders = ["atp", "title", "incident", "severity", "by", "followUp"];

    private void CheckEmits(FlowRow row, string path)
    {
        for (var index = 0; index < row.Emits.Messages.Length; index++)
        {
            var (message, at) = (row.Emits.Messages[index], $"{path}.emits.messages[{index}]");
            CheckRole(message.To, context.IsRoleOrOwner, $"{at}.to", FlowRules.MessageRoleUnknown);
            CheckPlaceholders(message.Subject, $"{at}.subject");
            CheckPlaceholders(message.Body, $"{at}.body");
        }

        CheckFollowUp(row, path);
        if (!row.Emits.Debt.IsEmpty && !flow.Rows.Any(other => other.Emits.FollowUp is not null))
            Problem($"{path}.emits.debt", FlowRules.DebtNowhere, "the debt is recorded on a follow-up, and the flow has none; add a row from (post)");
    }

    private void CheckPlaceholders(string text, string path)
    {
        foreach (var unknown in PlaceholderShape().Matches(text).Select(match => match.Groups[1].Value).Where(name => !Placeholders.Contains(name)))
        {
            Problem(path, FlowRules.MessagePlaceholderUnknown,
                $"{{{unknown}}} is not a placeholder; the placeholders are {string.Join(", ", Placeholders.Select(name => $"{{{name}}}"))}");
        }
    }

    private void CheckFollowUp(FlowRow row, string path)
    {
        if (row.Emits.FollowUp is not { } followUp)
        {
            if (row.Kind == RowKind.FollowUp)
                Problem(path, FlowRules.FollowUpMissing, $"row {row.Number} comes from (post) and creates nothing; describe the ATP under `emits.followUp`");
            return;
        }

        var at = $"{path}.emits.followUp";
        if (row.Kind != RowKind.FollowUp)
        {
            Problem(
                at,
                FlowRules.FollowUpMisplaced,
                $"row {row.Number} comes from {row.From}, but only a row from (post) creates a follow-up; move `emits.followUp` to such a row");
        }

        CheckName(followUp.Type, KebabShape(), $"{at}.type", "an ATP's type is lower case, words joined by `-`: postmortem");
        CheckRole(followUp.Role, context.IsRole, $"{at}.role", FlowRules.FollowUpRoleUnknown);
        CheckPlaceholders(followUp.Title, $"{at}.title");
        if (followUp.After is { } after && !flow.States.Any(state => state.Terminal && state.Name == after))
            Problem($"{at}.after", FlowRules.FollowUpAfterUnknown, $"{after} is not a terminal state; a follow-up is created when the ATP ends");

        CheckFollowUpFlow(row, followUp, path);
    }

    private void CheckFollowUpFlow(FlowRow row, RowFollowUp followUp, string path)
    {
        if ((followUp.Flow == flow.Name ? flow : context.Latest(followUp.Flow)) is not { } other)
        {
            var known = context.Flows.Select(flow => flow.Name).Distinct().Order(StringComparer.Ordinal);
            Problem($"{path}.emits.followUp.flow", FlowRules.FollowUpFlowUnknown, $"there is no flow {followUp.Flow}; loaded are {string.Join(", ", known)}");
        }
        else if (row.Kind == RowKind.FollowUp && !other.Rows.Any(start => start.IsStart && start.To == row.To))
        {
            Problem($"{path}.to", FlowRules.FollowUpStateUnknown,
                $"the flow {other.Name} does not start in {row.To}; it starts in "
                + $"{string.Join(" or ", other.Rows.Where(start => start.IsStart).Select(start => start.To))}");
        }
    }
}
